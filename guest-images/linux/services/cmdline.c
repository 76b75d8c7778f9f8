#include "guest.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The kernel's command line with each space turned into an end of text, and an empty word at the end. */
static const char *words(void) {
    static char line[2050];
    static int known;
    if (known) return line;
    int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? 0 : read(fd, line, sizeof line - 2);
    if (fd >= 0) close(fd);
    for (ssize_t i = 0; i < got; i++) {
        if (line[i] == ' ' || line[i] == '\n') line[i] = 0;
    }
    /* Two spaces in a row would look like the end. */
    size_t used = 0;
    for (ssize_t i = 0; i < got; i++) {
        if (line[i] || (used && line[used - 1])) line[used++] = line[i];
    }
    line[used] = line[used + 1] = 0;
    known = 1;
    return line;
}

const char *kernel_parameter(const char *name, const char *fallback) {
    size_t length = strlen(name);
    const char *value = fallback;
    for (const char *word = words(); *word; word += strlen(word) + 1) {
        if (!strncmp(word, name, length) && word[length] == '=') value = word + length + 1;
    }
    return value;
}

long kernel_number(const char *name, long min, long max, long fallback) {
    const char *text = kernel_parameter(name, NULL);
    if (!text) return fallback;
    char *end;
    long value = strtol(text, &end, 10);
    if (end != text && !*end && value >= min && value <= max) return value;
    printf("hartbeat: %s: expected=%ld..%ld, actual=%s; ignored\n", name, min, max, text);
    return fallback;
}
