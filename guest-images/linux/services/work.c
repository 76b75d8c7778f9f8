/* Commands that make the guest do something that can be seen or measured from outside. */
#include "guest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Lines at fixed moments: a lost, repeated or garbled one is seen by its number. Each is one write. */
int tick_main(long period_millis) {
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    for (unsigned long number = 1;; number++) {
        char line[32];
        int length = snprintf(line, sizeof line, "tick %lu\n", number);
        if (write(1, line, (size_t) length) != length) return 1;
        next.tv_sec += period_millis / 1000;
        next.tv_nsec += period_millis % 1000 * 1000000;
        if (next.tv_nsec >= 1000000000) {
            next.tv_sec++;
            next.tv_nsec -= 1000000000;
        }
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
    }
}

/* Three kinds of work, the result of each of which enters the next: counting primes, mixing words, sorting. */
static uint32_t work(uint32_t seed) {
    static uint8_t composite[32768];
    static uint32_t words[8192];
    uint32_t primes = 0;
    memset(composite, 0, sizeof composite);
    for (uint32_t i = 2; i < sizeof composite; i++) {
        if (composite[i]) continue;
        primes++;
        for (uint32_t j = i * 2; j < sizeof composite; j += i) composite[j] = 1;
    }
    uint32_t state = seed ^ primes;
    for (size_t i = 0; i < 8192; i++) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        words[i] = state;
    }
    for (size_t gap = 3280; gap > 0; gap /= 3) {
        for (size_t i = gap; i < 8192; i++) {
            uint32_t word = words[i];
            size_t at = i;
            for (; at >= gap && words[at - gap] > word; at -= gap) words[at] = words[at - gap];
            words[at] = word;
        }
    }
    return crc32_of(words, sizeof words);
}

int load_main(void) {
    (void) !nice(10);
    for (uint32_t state = 1;;) state = work(state);
}

int bench_main(long scale) {
    uint32_t state = 1;
    uint64_t start = uptime_millis();
    for (long round = 0; round < scale * 16; round++) state = work(state);
    printf("bench: scale %ld, result %08" PRIx32 ", %" PRIu64 " ms\n", scale, state, uptime_millis() - start);
    return 0;
}

int instret_main(void) {
    uint32_t high, low, again;
    do {
        __asm__ volatile("rdinstreth %0\n rdinstret %1\n rdinstreth %2" : "=r"(high), "=r"(low), "=r"(again));
    } while (high != again);
    printf("instret: %" PRIu64 "\n", (uint64_t) high << 32 | low);
    return 0;
}
