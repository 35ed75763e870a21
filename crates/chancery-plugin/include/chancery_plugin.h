/* Chancery's plugin interface, version 1.
 *
 * A plugin is a shared library that exports one function:
 *
 *     const struct chancery_plugin *chancery_plugin_v1(void);
 *
 * It returns a table of functions. The program opens stages by name, hands them documents and layers, takes layers back.
 * Tables cross in the Arrow C Data Interface (https://arrow.apache.org/docs/format/CDataInterface.html), whose two structures
 * are declared below, so this header needs nothing but the C standard library. C99, also C++.
 *
 * Rules
 *   - Every structure begins with its size (Arrow's two excepted). Within version 1 fields are only ever added at the end: read no
 *     field that lies beyond the size you are given.
 *   - Who allocates releases. Tables that you are passed stay the program's: do not release or keep them. Tables that you fill are
 *     released by the program, through the `release` that you put there.
 *   - Strings are UTF-8 and end with a zero byte. Spans (`start`, `end`) count bytes and lie on characters.
 *   - What the table and the description point to stays valid until the process ends. The program never unloads a library.
 *   - `annotate` may be called from several threads at once for the same instance, unless the stage says `"parallel": false`.
 *   - The program checks all that you return. It cannot check how long your buffers are: `isolate: true` in a pipeline runs the plugin
 *     in a process of its own.
 *
 * With CHANCERY_HELPERS defined before the header is included, small functions at its end read columns and build tables.
 */
#ifndef CHANCERY_PLUGIN_H
#define CHANCERY_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The Arrow C Data Interface. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char *format;   /* "+s" a table, "u" text, "I" uint32, "g" double, "b" boolean, "tdD" days since 1970-01-01 */
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers; /* [0] validity bitmap or null; text: [1] int32 offsets, [2] bytes; others: [1] values */
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};
#endif

#define CHANCERY_ABI_VERSION 1

/* What functions return: 0 or more is well, less is an error whose words stand in `error`. */
#define CHANCERY_OK 0
#define CHANCERY_END 1      /* of `next`: there are no more documents */
#define CHANCERY_FAILED (-1)
#define CHANCERY_PANICKED (-2)

#define CHANCERY_LOG_ERROR 1
#define CHANCERY_LOG_WARN 2
#define CHANCERY_LOG_INFO 3
#define CHANCERY_LOG_DEBUG 4

/* A table: a struct array, one child a column. All zero: no rows. */
struct chancery_table {
  struct ArrowSchema schema;
  struct ArrowArray array;
};

/* What the program offers. It stays valid until the process ends. */
struct chancery_host {
  uint32_t struct_size;
  uint32_t abi_version;
  void *context;                                                       /* to be handed back to `log` */
  void (*log)(void *context, int32_t level, const char *message);      /* any thread may call it */
  const char *version;                                                 /* of the program: "0.1.0" */
  const char *base;                                                    /* the pipeline file's folder */
};

/* Where a function says why it failed: at most `capacity` bytes, the closing zero included. */
struct chancery_error {
  uint32_t struct_size;
  uint32_t capacity;
  char *message;
};

/* A batch: `documents`, then each layer that the stage needs, in the order in which it names them. All but `documents` begin with
 * the column `doc` (uint32), the row of their document, in ascending order. */
struct chancery_input {
  uint32_t struct_size;
  uint32_t tables;
  const struct chancery_table *table;
};

/* What a stage gives: a table for each layer that it declares, in that order, all zero at first. Each needs the column `doc`. */
struct chancery_output {
  uint32_t struct_size;
  uint32_t tables;
  struct chancery_table *table;
  void *context;
  /* Rejects one document of the batch and no other; `code` is a word that is counted, or null. */
  void (*reject)(void *context, uint32_t document, const char *code, const char *message);
};

/* Where a writer reports its files: names in the working folder, and how many bytes of each are whole. */
struct chancery_report {
  uint32_t struct_size;
  uint32_t reserved;
  void *context;
  void (*file)(void *context, const char *name, uint64_t bytes);
};

struct chancery_plugin {
  uint32_t abi_version;    /* CHANCERY_ABI_VERSION */
  uint32_t struct_size;    /* sizeof(struct chancery_plugin) */
  /* JSON:
   *   { "name": "…", "version": "…", "summary": "…", "stages": [
   *     { "name": "…", "kind": "annotate" | "ingest" | "export", "summary": "…", "parallel": true,
   *       "settings": { JSON schema }, "needs": ["sentences", "tokens.lemma"],
   *       "gives": [ { "name": "…", "description": "…", "columns": [
   *         { "name": "…", "type": "text" | "integer" | "number" | "boolean" | "date", "description": "…",
   *           "unit": "…", "allowed": ["…"], "required": true } ] } ] } ] }
   * A layer with the integer columns `start` and `end` holds spans of the text; its dataset also gets an id and the words. */
  const char *description;
  /* Makes an instance of a stage; `settings` is a JSON object. */
  int32_t (*open)(const struct chancery_host *host, const char *stage, const char *settings, void **instance,
                  struct chancery_error *error);
  void (*close)(void *instance);
  /* annotate: reads `input`, fills `output`. */
  int32_t (*annotate)(void *instance, const struct chancery_input *input, struct chancery_output *output,
                      struct chancery_error *error);
  /* ingest: the next documents as one table with the columns of `documents` (any of them, `text` at least); a row with the text column
   * `error` (and `code`) becomes a reject. */
  int32_t (*next)(void *instance, struct chancery_output *output, struct chancery_error *error);
  /* export: `datasets` is a JSON list like `gives` above; `write` gets rows of the one with that number, in the order of the input. */
  int32_t (*begin)(void *instance, const char *folder, const char *datasets, struct chancery_error *error);
  int32_t (*write)(void *instance, uint32_t dataset, const struct chancery_table *rows, struct chancery_error *error);
  int32_t (*checkpoint)(void *instance, struct chancery_report *report, struct chancery_error *error);
  int32_t (*finish)(void *instance, struct chancery_report *report, struct chancery_error *error);
};

#if defined(_WIN32)
#define CHANCERY_EXPORT __declspec(dllexport)
#else
#define CHANCERY_EXPORT __attribute__((visibility("default")))
#endif

CHANCERY_EXPORT const struct chancery_plugin *chancery_plugin_v1(void);

#ifdef CHANCERY_HELPERS
/* ------------------------------------------------------------------ helpers: reading tables, building tables, telling errors */
#include <stdlib.h>
#include <string.h>

/* Writes a message, cut to what fits. Returns CHANCERY_FAILED, so that `return chancery_fail(error, "…")` works. */
static inline int32_t chancery_fail(struct chancery_error *error, const char *message) {
  if (error && error->message && error->capacity) {
    size_t length = strlen(message);
    if (length > error->capacity - 1) length = error->capacity - 1;
    memcpy(error->message, message, length);
    error->message[length] = 0;
  }
  return CHANCERY_FAILED;
}

/* The number of a column, -1 where there is none of that name. */
static inline int chancery_column(const struct chancery_table *table, const char *name) {
  for (int64_t at = 0; at < table->schema.n_children; at++)
    if (strcmp(table->schema.children[at]->name, name) == 0) return (int)at;
  return -1;
}

static inline int chancery_is_null(const struct chancery_table *table, int column, int64_t row) {
  const struct ArrowArray *array = table->array.children[column];
  const uint8_t *valid = (const uint8_t *)array->buffers[0];
  int64_t at = row + array->offset + table->array.offset;
  return array->null_count != 0 && valid && !((valid[at / 8] >> (at % 8)) & 1);
}

/* A text and its length in bytes (it does not end with a zero byte); null where there is none. */
static inline const char *chancery_text(const struct chancery_table *table, int column, int64_t row, size_t *length) {
  *length = 0;
  if (column < 0 || chancery_is_null(table, column, row)) return NULL;
  const struct ArrowArray *array = table->array.children[column];
  const int32_t *offsets = (const int32_t *)array->buffers[1] + row + array->offset + table->array.offset;
  *length = (size_t)(offsets[1] - offsets[0]);
  return (const char *)array->buffers[2] + offsets[0];
}

static inline uint32_t chancery_integer(const struct chancery_table *table, int column, int64_t row) {
  const struct ArrowArray *array = table->array.children[column];
  return ((const uint32_t *)array->buffers[1])[row + array->offset + table->array.offset];
}

/* A table in the making: chancery_rows_begin, then for each row a chancery_put_… for each column in order, then
 * chancery_rows_finish. Memory that runs out is told by `failed`. */
struct chancery_cells {
  const char *name;
  char type;               /* 'I' uint32, 'g' double, 'u' text */
  uint8_t *bytes;          /* values, or the texts' bytes */
  size_t used, room;
  int32_t *offsets;        /* of texts */
  size_t rows, offset_room;
};

struct chancery_rows {
  int columns;
  int failed;
  struct chancery_cells cells[16];
};

/* `types` has a letter for each column: "IIu". At most 16 columns. */
static inline void chancery_rows_begin(struct chancery_rows *rows, const char *types, const char *const *names) {
  memset(rows, 0, sizeof *rows);
  for (; types[rows->columns] && rows->columns < 16; rows->columns++) {
    rows->cells[rows->columns].type = types[rows->columns];
    rows->cells[rows->columns].name = names[rows->columns];
  }
}

static inline int chancery_grow(void **memory, size_t *room, size_t wanted, size_t size) {
  if (wanted <= *room) return 1;
  size_t larger = *room ? *room * 2 : 64;
  while (larger < wanted) larger *= 2;
  void *grown = realloc(*memory, larger * size);
  if (!grown) return 0;
  *memory = grown;
  *room = larger;
  return 1;
}

static inline void chancery_put_bytes(struct chancery_rows *rows, int column, const void *bytes, size_t length) {
  struct chancery_cells *cells = &rows->cells[column];
  void *memory = cells->bytes;
  if (rows->failed || !chancery_grow(&memory, &cells->room, cells->used + length + 1, 1)) {
    rows->failed = 1;
    return;
  }
  cells->bytes = (uint8_t *)memory;
  if (length) memcpy(cells->bytes + cells->used, bytes, length);
  cells->used += length;
  if (cells->type == 'u') {
    memory = cells->offsets;
    if (!chancery_grow(&memory, &cells->offset_room, cells->rows + 2, sizeof(int32_t)) || cells->used > INT32_MAX) {
      rows->failed = 1;
      return;
    }
    cells->offsets = (int32_t *)memory;
    cells->offsets[0] = 0;
    cells->offsets[cells->rows + 1] = (int32_t)cells->used;
  }
  cells->rows++;
}

static inline void chancery_put_integer(struct chancery_rows *rows, int column, uint32_t value) {
  chancery_put_bytes(rows, column, &value, sizeof value);
}

static inline void chancery_put_number(struct chancery_rows *rows, int column, double value) {
  chancery_put_bytes(rows, column, &value, sizeof value);
}

static inline void chancery_put_text(struct chancery_rows *rows, int column, const char *text, size_t length) {
  chancery_put_bytes(rows, column, text, length);
}

static inline void chancery_rows_drop(struct chancery_rows *rows) {
  for (int at = 0; at < rows->columns; at++) {
    free(rows->cells[at].bytes);
    free(rows->cells[at].offsets);
  }
  memset(rows, 0, sizeof *rows);
}

static inline void chancery_release_array(struct ArrowArray *array) {
  for (int64_t at = 0; at < array->n_children; at++) {
    if (array->children[at]->release) array->children[at]->release(array->children[at]);
    free(array->children[at]);
  }
  for (int64_t at = 1; at < array->n_buffers; at++) free((void *)array->buffers[at]);
  free(array->children);
  free((void *)array->buffers);
  array->release = NULL;
}

static inline void chancery_release_schema(struct ArrowSchema *schema) {
  for (int64_t at = 0; at < schema->n_children; at++) {
    if (schema->children[at]->release) schema->children[at]->release(schema->children[at]);
    free(schema->children[at]);
  }
  free(schema->children);
  schema->release = NULL;
}

/* Moves the rows into a table and empties the builder. Returns 0 where memory ran out or a column has fewer cells than another. */
static inline int chancery_rows_finish(struct chancery_rows *rows, struct chancery_table *table) {
  static const char *const formats[] = {"I", "g", "u"};
  int columns = rows->columns, well = !rows->failed;
  for (int at = 0; at < columns; at++) well = well && rows->cells[at].rows == rows->cells[0].rows;
  if (!well || columns == 0 || rows->cells[0].rows == 0) {
    chancery_rows_drop(rows);
    return well;
  }
  struct ArrowArray *array = &table->array;
  struct ArrowSchema *schema = &table->schema;
  memset(table, 0, sizeof *table);
  array->buffers = (const void **)calloc(1, sizeof(void *));
  array->children = (struct ArrowArray **)calloc((size_t)columns, sizeof(void *));
  schema->children = (struct ArrowSchema **)calloc((size_t)columns, sizeof(void *));
  well = array->buffers && array->children && schema->children;
  for (int at = 0; well && at < columns; at++) {
    struct chancery_cells *cells = &rows->cells[at];
    struct ArrowArray *values = (struct ArrowArray *)calloc(1, sizeof *values);
    struct ArrowSchema *type = (struct ArrowSchema *)calloc(1, sizeof *type);
    const void **buffers = (const void **)calloc(3, sizeof(void *));
    if (!values || !type || !buffers) {
      free(values);
      free(type);
      free((void *)buffers);
      well = 0;
      break;
    }
    type->format = cells->type == 'I' ? formats[0] : cells->type == 'g' ? formats[1] : formats[2];
    type->name = cells->name;
    type->release = chancery_release_schema;
    values->length = (int64_t)cells->rows;
    values->n_buffers = cells->type == 'u' ? 3 : 2;
    values->buffers = buffers;
    values->release = chancery_release_array;
    if (cells->type == 'u') {
      buffers[1] = cells->offsets;
      buffers[2] = cells->bytes;
    } else {
      buffers[1] = cells->bytes;
      free(cells->offsets);
    }
    cells->bytes = NULL;
    cells->offsets = NULL;
    array->children[array->n_children++] = values;
    schema->children[schema->n_children++] = type;
  }
  array->length = (int64_t)rows->cells[0].rows;
  array->n_buffers = 1;
  array->release = chancery_release_array;
  schema->format = "+s";
  schema->name = "";
  schema->release = chancery_release_schema;
  chancery_rows_drop(rows);
  if (!well) {
    chancery_release_array(array);
    chancery_release_schema(schema);
    memset(table, 0, sizeof *table);
  }
  return well;
}
#endif /* CHANCERY_HELPERS */

#ifdef __cplusplus
}
#endif
#endif /* CHANCERY_PLUGIN_H */
