/* An example of a plugin in C: finds percentages ("2.5 per cent", "40%", "12 percentage points") and gives them as the layer
 * `percentages`.
 *
 *     cc -std=c99 -O2 -fPIC -shared -fvisibility=hidden -I ../../crates/chancery-plugin/include -o libpercentages.so percentages.c
 */
#define CHANCERY_HELPERS
#include "chancery_plugin.h"

#include <stdio.h>

static const char DESCRIPTION[] =
    "{ \"name\": \"percentages\", \"version\": \"1.0.0\", \"summary\": \"Percentages, in C\", \"stages\": ["
    "  { \"name\": \"percentages\", \"kind\": \"annotate\", \"summary\": \"Finds percentages\","
    "    \"settings\": { \"type\": \"object\", \"additionalProperties\": false, \"properties\": {} },"
    "    \"gives\": [ { \"name\": \"percentages\", \"description\": \"Percentages that the texts name.\", \"columns\": ["
    "      { \"name\": \"start\", \"type\": \"integer\", \"required\": true },"
    "      { \"name\": \"end\", \"type\": \"integer\", \"required\": true },"
    "      { \"name\": \"value\", \"type\": \"number\", \"description\": \"The number.\", \"required\": true },"
    "      { \"name\": \"kind\", \"type\": \"text\", \"description\": \"A share, or a difference of shares.\","
    "        \"allowed\": [\"percent\", \"points\"], \"required\": true } ] } ] } ] }";

static const char *const NAMES[] = {"doc", "start", "end", "value", "kind"};

struct unit {
  const char *word;
  const char *kind;
};

/* Longer ones first: "percentage points" begins with "percent". */
static const struct unit UNITS[] = {
    {"percentage points", "points"}, {"percentage point", "points"}, {"per cent", "percent"}, {"percent", "percent"}, {"%", "percent"}};

static int is_digit(char c) { return c >= '0' && c <= '9'; }
static int is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80; }

/* Reads a number like 1,250.5 at `at`; gives where it ends, `at` itself where there is none. */
static size_t number(const char *text, size_t length, size_t at, double *value) {
  size_t end = at;
  double scale = 0;
  *value = 0;
  for (; end < length; end++) {
    if (is_digit(text[end])) {
      *value = *value * 10 + (text[end] - '0');
      scale *= 10;
    } else if (text[end] == '.' && scale == 0 && end + 1 < length && is_digit(text[end + 1])) {
      scale = 1;
    } else if (text[end] != ',' || scale != 0 || end + 1 >= length || !is_digit(text[end + 1])) {
      break;
    }
  }
  if (scale > 1) *value /= scale;
  return end;
}

static int starts_with(const char *text, size_t length, size_t at, const char *word) {
  size_t size = strlen(word);
  return at + size <= length && memcmp(text + at, word, size) == 0 &&
         (at + size == length || word[0] == '%' || !is_letter(text[at + size]));
}

static void document(struct chancery_rows *rows, uint32_t doc, const char *text, size_t length) {
  size_t at = 0;
  while (at < length) {
    if (!is_digit(text[at]) || (at > 0 && (is_letter(text[at - 1]) || text[at - 1] == '.'))) {
      at++;
      continue;
    }
    double value;
    size_t end = number(text, length, at, &value), after = end;
    while (after < length && (text[after] == ' ' || text[after] == '-')) after++;
    const struct unit *found = NULL;
    for (size_t unit = 0; !found && unit < sizeof UNITS / sizeof UNITS[0]; unit++)
      if (starts_with(text, length, after, UNITS[unit].word)) found = &UNITS[unit];
    if (found && after - end <= 1 && value < 1e15) {
      end = after + strlen(found->word);
      chancery_put_integer(rows, 0, doc);
      chancery_put_integer(rows, 1, (uint32_t)at);
      chancery_put_integer(rows, 2, (uint32_t)end);
      chancery_put_number(rows, 3, value);
      chancery_put_text(rows, 4, found->kind, strlen(found->kind));
    }
    at = end;
  }
}

static int32_t open_stage(const struct chancery_host *host, const char *stage, const char *settings, void **instance,
                          struct chancery_error *error) {
  (void)settings;
  if (host->abi_version != CHANCERY_ABI_VERSION) return chancery_fail(error, "another version of the interface");
  if (strcmp(stage, "percentages") != 0) return chancery_fail(error, "there is one stage: percentages");
  *instance = NULL; /* The stage keeps nothing. */
  return CHANCERY_OK;
}

static void close_stage(void *instance) { (void)instance; }

static int32_t annotate(void *instance, const struct chancery_input *input, struct chancery_output *output,
                        struct chancery_error *error) {
  (void)instance;
  const struct chancery_table *documents = &input->table[0];
  int text_column = chancery_column(documents, "text");
  if (text_column < 0 || output->tables != 1) return chancery_fail(error, "the program passed no texts");
  struct chancery_rows rows;
  chancery_rows_begin(&rows, "IIIgu", NAMES);
  for (int64_t row = 0; row < documents->array.length; row++) {
    size_t length;
    const char *text = chancery_text(documents, text_column, row, &length);
    if (text) document(&rows, (uint32_t)row, text, length);
  }
  return chancery_rows_finish(&rows, &output->table[0]) ? CHANCERY_OK : chancery_fail(error, "out of memory");
}

static const struct chancery_plugin PLUGIN = {
    CHANCERY_ABI_VERSION, sizeof(struct chancery_plugin), DESCRIPTION, open_stage, close_stage, annotate, NULL, NULL, NULL, NULL, NULL};

CHANCERY_EXPORT const struct chancery_plugin *chancery_plugin_v1(void) { return &PLUGIN; }
