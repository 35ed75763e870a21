/* A plugin that does what a document's text tells it to: `!abort`, `!utf8` and so on. All else gets one good row over its first
 * character. Built by the test beside it. */
#define CHANCERY_HELPERS
#include "chancery_plugin.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#ifndef DESCRIPTION
#define DESCRIPTION                                                                                                    \
  "{ \"name\": \"hostile\", \"version\": \"0.0.1\", \"stages\": [ { \"name\": \"hostile\", \"kind\": \"annotate\","   \
  "  \"settings\": { \"type\": \"object\", \"additionalProperties\": false, \"properties\": { \"mood\": {} } },"       \
  "  \"gives\": [ { \"name\": \"marks\", \"description\": \"Marks.\", \"columns\": ["                                 \
  "    { \"name\": \"start\", \"type\": \"integer\" }, { \"name\": \"end\", \"type\": \"integer\" },"                  \
  "    { \"name\": \"weight\", \"type\": \"number\", \"required\": true },"                                           \
  "    { \"name\": \"label\", \"type\": \"text\", \"allowed\": [\"good\", \"fine\"], \"required\": true } ] } ] } ] }"
#endif
#ifndef ABI_VERSION
#define ABI_VERSION CHANCERY_ABI_VERSION
#endif
#ifndef TABLE_SIZE
#define TABLE_SIZE sizeof(struct chancery_plugin)
#endif

static const char *const NAMES[] = {"doc", "start", "end", "weight", "label"};

static void put(struct chancery_rows *rows, uint32_t doc, uint32_t start, uint32_t end, double weight, const char *label) {
  chancery_put_integer(rows, 0, doc);
  chancery_put_integer(rows, 1, start);
  chancery_put_integer(rows, 2, end);
  chancery_put_number(rows, 3, weight);
  chancery_put_text(rows, 4, label, strlen(label));
}

static void release_twice(struct ArrowArray *array) {
  void *memory = (void *)array->buffers;
  chancery_release_array(array);
  free(memory);
  free(memory);
}

static int32_t open_stage(const struct chancery_host *host, const char *stage, const char *settings, void **instance,
                          struct chancery_error *error) {
  (void)stage;
  *instance = (void *)host;
  if (strstr(settings, "foul")) return chancery_fail(error, "not in such a mood");
  return CHANCERY_OK;
}

static void close_stage(void *instance) { (void)instance; }

static int32_t annotate(void *instance, const struct chancery_input *input, struct chancery_output *output,
                        struct chancery_error *error) {
  static uint8_t none = 0;
  static char endless[4096];
  const struct chancery_host *host = (const struct chancery_host *)instance;
  const struct chancery_table *documents = &input->table[0];
  int column = chancery_column(documents, "text");
  struct chancery_rows rows;
  char mode[32] = "";
  chancery_rows_begin(&rows, "IIIgu", NAMES);
  for (int64_t row = 0; row < documents->array.length; row++) {
    size_t length;
    const char *text = chancery_text(documents, column, row, &length);
    uint32_t doc = (uint32_t)row;
    if (length < 2 || text[0] != '!') {
      put(&rows, doc, 0, 1, 1.0, "good");
      continue;
    }
    size_t size = 0;
    while (size < length - 1 && size < sizeof mode - 1 && text[size + 1] != ' ') size++;
    memcpy(mode, text + 1, size);
    mode[size] = 0;
#define IS(name) (strcmp(mode, name) == 0)
    if (IS("error")) { chancery_rows_drop(&rows); return chancery_fail(error, "asked to fail"); }
    if (IS("silent")) { chancery_rows_drop(&rows); return -7; }
    if (IS("panic")) { chancery_rows_drop(&rows); chancery_fail(error, "panicked: boom"); return CHANCERY_PANICKED; }
    if (IS("reject")) { output->reject(output->context, doc, "mine", "not this one"); put(&rows, doc, 0, 1, 1.0, "good"); }
    if (IS("reject_outside")) output->reject(output->context, doc + 1000, NULL, NULL);
    if (IS("log")) host->log(host->context, CHANCERY_LOG_WARN, "a line");
    if (IS("outside")) put(&rows, doc, 0, 10000, 1.0, "good");
    if (IS("backwards")) put(&rows, doc, 3, 2, 1.0, "good");
    if (IS("cut")) put(&rows, doc, 0, (uint32_t)length - 1, 1.0, "good");
    if (IS("overlap")) { put(&rows, doc, 2, 6, 1.0, "fine"); put(&rows, doc, 0, 4, 1.0, "good"); }
    if (IS("nan")) put(&rows, doc, 0, 1, NAN, "good");
    if (IS("not_allowed")) put(&rows, doc, 0, 1, 1.0, "bad");
    if (IS("utf8")) put(&rows, doc, 0, 1, 1.0, "go\xff\xfe");
    if (IS("surrogate")) put(&rows, doc, 0, 1, 1.0, "\xed\xa0\x80");
    if (IS("wrong_doc")) put(&rows, doc + 1000, 0, 1, 1.0, "good");
    if (IS("abort")) abort();
    if (IS("exit")) exit(7);
    if (IS("segv")) *(volatile int *)8 = 1;
    if (IS("hang")) for (;;) sleep(1);
    if (IS("print")) { printf("{\"kind\": \"rows\"}\nnoise"); fflush(stdout); put(&rows, doc, 0, 1, 1.0, "good"); }
    if (IS("allocate")) { if (!malloc((size_t)1 << 46)) abort(); }
    if (rows.cells[0].rows == 0 || !IS("overlap")) put(&rows, doc, 0, 1, 1.0, "good");
  }
  if (!chancery_rows_finish(&rows, &output->table[0])) return chancery_fail(error, "out of memory");
  struct ArrowArray *array = &output->table[0].array;
  struct ArrowSchema *schema = &output->table[0].schema;
  if (IS("offsets")) ((int32_t *)array->children[4]->buffers[1])[0] = 1000;
  if (IS("offsets_negative")) ((int32_t *)array->children[4]->buffers[1])[0] = -3;
  if (IS("short")) array->children[1]->length -= 1;
  if (IS("negative")) array->length = -1;
  if (IS("endless")) array->length = (int64_t)1 << 40;
  if (IS("offset")) array->offset = -5;
  if (IS("child_offset")) array->children[2]->offset = (int64_t)1 << 60;
  if (IS("null_rows")) array->null_count = 1;
  if (IS("null_count")) array->children[3]->null_count = -9;
  if (IS("no_bitmap")) array->children[3]->null_count = 2;
  if (IS("null_required")) { array->children[3]->buffers[0] = &none; array->children[3]->null_count = array->length; }
  if (IS("null_values")) { free((void *)array->children[3]->buffers[1]); array->children[3]->buffers[1] = NULL; }
  if (IS("null_child")) { free(array->children[4]); array->children[4] = NULL; array->n_children = 5; }
  if (IS("wrong_type")) schema->children[3]->format = "b";
  if (IS("unknown_type")) schema->children[3]->format = "+l";
  if (IS("no_struct")) schema->format = "I";
  if (IS("buffers")) array->children[3]->n_buffers = 7;
  if (IS("columns")) schema->n_children = 4;
  if (IS("extra")) schema->children[4]->name = "colour";
  if (IS("twice")) schema->children[4]->name = "weight";
  if (IS("missing")) { schema->n_children = 3; array->n_children = 3; }
  if (IS("no_schema")) { schema->release = NULL; }
  if (IS("endless_name")) { memset(endless, 'x', sizeof endless); schema->children[4]->name = endless; }
  if (IS("dictionary")) schema->children[4]->dictionary = schema->children[3];
  if (IS("lie")) { for (int at = 0; at < 5; at++) array->children[at]->length = 1 << 24; array->length = 1 << 24; }
  if (IS("double_free")) array->release = release_twice;
  return CHANCERY_OK;
}

static const struct chancery_plugin PLUGIN = {ABI_VERSION, (uint32_t)(TABLE_SIZE), DESCRIPTION, open_stage, close_stage, annotate, NULL, NULL, NULL, NULL, NULL};

#if defined(OTHER_VERSION)
CHANCERY_EXPORT const struct chancery_plugin *chancery_plugin_v3(void);
CHANCERY_EXPORT const struct chancery_plugin *chancery_plugin_v3(void) { return &PLUGIN; }
#elif defined(NO_SYMBOL)
CHANCERY_EXPORT const void *something_else(void);
CHANCERY_EXPORT const void *something_else(void) { return &PLUGIN; }
#elif defined(NULL_TABLE)
CHANCERY_EXPORT const struct chancery_plugin *chancery_plugin_v1(void) { return NULL; }
#else
CHANCERY_EXPORT const struct chancery_plugin *chancery_plugin_v1(void) { return &PLUGIN; }
#endif
