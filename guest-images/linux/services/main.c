/*
 * The guest's own program: one static executable, so that the C library is in the initramfs once only.
 *
 *   /init                   process 1 (init.c)
 *   guest serve PORT        the checking TCP service in the foreground (service.c)
 *   guest tick MILLIS       numbered lines on the standard output
 *   guest load              a busy hart, until it is ended
 *   guest bench SCALE       a fixed amount of work, with its result and time
 *   guest instret           the hart's count of retired instructions, as the guest sees it
 */
#include "guest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

uint64_t uptime_millis(void) {
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (uint64_t) now.tv_sec * 1000 + (uint64_t) now.tv_nsec / 1000000;
}

static long number_or(const char *text, long fallback) {
    char *end;
    long value = text ? strtol(text, &end, 10) : fallback;
    return text && (*end || end == text || value < 1) ? -1 : value;
}

static int usage(void) {
    fputs("usage: guest serve PORT | tick MILLIS | load | bench [SCALE] | instret\n", stderr);
    return 2;
}

int main(int count, char **words) {
    if (getpid() == 1) return init_main();
    if (count < 2 || count > 3) return usage();
    const char *command = words[1], *argument = count == 3 ? words[2] : NULL;
    long number = number_or(argument, 1);
    if (number < 0) return usage();
    if (!strcmp(command, "serve") && argument && number < 65536) return check_service(listen_on((int) number));
    if (!strcmp(command, "tick") && argument) return tick_main(number);
    if (!strcmp(command, "load") && !argument) return load_main();
    if (!strcmp(command, "bench")) return bench_main(number);
    if (!strcmp(command, "instret") && !argument) return instret_main();
    return usage();
}
