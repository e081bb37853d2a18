/* The C interface between a jurisdiction library and its host, version 1.
 *
 * A library exports one function:
 *
 *     const exeat_jurisdiction_descriptor *exeat_jurisdiction(void);
 *
 * It returns a descriptor that stays valid and unchanged for as long as the library is loaded; the
 * host never unloads it. All text is UTF-8, given by pointer and length, at most 64 MiB. Memory is
 * freed by the side that made it. The library never calls the host, and nothing may unwind or jump
 * out of its functions. Functions may be called from several threads at once, and give the same result
 * for the same arguments, whenever they are called.
 */
#ifndef EXEAT_JURISDICTION_H
#define EXEAT_JURISDICTION_H

#include <stddef.h>
#include <stdint.h>

#define EXEAT_ABI_VERSION 1u

/* The call succeeded; the buffer holds the result as JSON. */
#define EXEAT_STATUS_OK 0u
/* The function gave no result; the buffer holds the reason as plain text. */
#define EXEAT_STATUS_FAILED 1u
/* The function crashed in a way it could catch; the buffer may hold the reason. */
#define EXEAT_STATUS_PANICKED 2u
/* The arguments were not those of the signature; the buffer holds the reason. */
#define EXEAT_STATUS_BAD_ARGUMENTS 3u

/* Text that is lent, not given. A null pointer is allowed only with length 0. */
typedef struct exeat_text {
    const uint8_t *pointer;
    size_t length;
} exeat_text;

/* Memory that the library owns; the host hands it back through `release`. */
typedef struct exeat_buffer {
    uint8_t *pointer;
    size_t length;
    size_t capacity; /* of meaning only to the library */
} exeat_buffer;

/* Calls a function. `arguments` is a JSON array in the order of the signature: yes_no as a boolean;
 * date, country, text, enumeration values and codes as strings; numbers and quantities as strings of
 * an exact number ("15831.2" or "1/3") in the unit of the declared type; lists as arrays. The result
 * is one such value. `result` points to an empty buffer; the library fills it. */
typedef uint32_t (*exeat_call)(exeat_text arguments, exeat_buffer *result);

typedef struct exeat_function {
    exeat_text name;
    exeat_call call;
} exeat_function;

typedef struct exeat_jurisdiction_descriptor {
    uint32_t abi_version; /* EXEAT_ABI_VERSION */
    size_t struct_size;   /* sizeof(exeat_jurisdiction_descriptor) */
    exeat_text id;        /* the name by which rule files use it, as "us" */
    exeat_text title;
    exeat_text version;
    exeat_text data_vintage; /* the day whose state the data shows, "2026-09-24" */
    exeat_text description;  /* a JSON document of schema "exeat.jurisdiction/1" */
    const exeat_function *functions; /* may be null if function_count is 0 */
    size_t function_count;
    void (*release)(exeat_buffer buffer);
} exeat_jurisdiction_descriptor;

_Static_assert(sizeof(exeat_text) == 2 * sizeof(void *), "layout of exeat_text");
_Static_assert(sizeof(exeat_buffer) == 3 * sizeof(void *), "layout of exeat_buffer");
_Static_assert(sizeof(exeat_function) == 3 * sizeof(void *), "layout of exeat_function");
_Static_assert(sizeof(exeat_jurisdiction_descriptor) == 15 * sizeof(void *),
               "layout of exeat_jurisdiction_descriptor");
_Static_assert(offsetof(exeat_jurisdiction_descriptor, struct_size) == sizeof(void *),
               "place of struct_size");
_Static_assert(offsetof(exeat_jurisdiction_descriptor, release) == 14 * sizeof(void *),
               "place of release");

#if defined(_WIN32)
#define EXEAT_EXPORT __declspec(dllexport)
#else
#define EXEAT_EXPORT __attribute__((visibility("default")))
#endif

EXEAT_EXPORT const exeat_jurisdiction_descriptor *exeat_jurisdiction(void);

#endif
