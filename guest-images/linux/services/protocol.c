/*
 * The line protocol of the checking service (port 7000). Lines end in \n; a line has at most 4096 bytes with it.
 *
 * Numbered requests. Each connection counts its own from 1:
 *
 *   SEQ CRC32 PAYLOAD       SEQ decimal; CRC32 of the payload's bytes, 8 hex digits; the payload has no line end
 *   SEQ OK COUNT UPTIME_MS DIGEST
 *                           COUNT: requests accepted since the service started, over all connections;
 *                           DIGEST: 64-bit FNV-1a, 16 hex digits, over this connection's payloads, each with its \n
 *
 * A request out of turn or with a wrong checksum changes nothing and is answered by an error line. So a client that keeps
 * its own count and digest knows from each answer that nothing was lost, repeated or altered, on either way.
 *
 * Commands, outside the numbering:
 *
 *   PING WORD               PONG WORD UPTIME_MS
 *   UPTIME                  UPTIME UPTIME_MS
 *   WRITE N                 appends N records (1 to 10000) to /data/records, then fsync: WRITTEN FIRST LAST UPTIME_MS
 *   VERIFY                  reads all records back from the disk: VERIFIED COUNT DIGEST UPTIME_MS
 *
 * Errors: ERR WHAT expected=.. actual=..   or   ERR WHAT reason
 */
#include "guest.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t accepted;

void begin_session(struct session *session) {
    session->expected = 1;
    session->digest = FNV_START;
}

/* Reads digits of the base up to one space; the address behind it, or NULL. */
static char *read_number(char *text, int base, int max_digits, uint64_t *value) {
    *value = 0;
    int digits = 0;
    for (; *text && *text != ' '; text++, digits++) {
        int digit = isdigit((unsigned char) *text) ? *text - '0' : 10 + tolower((unsigned char) *text) - 'a';
        if (digit < 0 || digit >= base || digits == max_digits) return NULL;
        *value = *value * (unsigned) base + (unsigned) digit;
    }
    return digits && *text == ' ' ? text + 1 : NULL;
}

static int answer_numbered(struct session *session, char *line, size_t length, char *answer) {
    uint64_t sequence, checksum;
    char *payload = read_number(line, 10, 18, &sequence);
    if (payload) payload = read_number(payload, 16, 8, &checksum);
    if (!payload) return snprintf(answer, ANSWER_LIMIT, "ERR line expected=\"SEQ CRC32 PAYLOAD\"\n");
    if (sequence != session->expected) {
        return snprintf(answer, ANSWER_LIMIT, "ERR sequence expected=%" PRIu64 " actual=%" PRIu64 "\n",
                session->expected, sequence);
    }
    size_t size = length - (size_t) (payload - line);
    uint32_t actual = crc32_of(payload, size);
    if (actual != checksum) {
        return snprintf(answer, ANSWER_LIMIT, "ERR crc sequence=%" PRIu64 " expected=%08" PRIx64 " actual=%08" PRIx32 "\n",
                sequence, checksum, actual);
    }
    session->expected++;
    session->digest = fnv1a(fnv1a(session->digest, payload, size), "\n", 1);
    accepted++;
    return snprintf(answer, ANSWER_LIMIT, "%" PRIu64 " OK %" PRIu64 " %" PRIu64 " %016" PRIx64 "\n",
            sequence, accepted, uptime_millis(), session->digest);
}

static int answer_write(const char *argument, char *answer) {
    char *end, error[128];
    unsigned long count = strtoul(argument, &end, 10);
    if (!isdigit((unsigned char) *argument) || *end || count < 1 || count > RECORDS_AT_ONCE) {
        return snprintf(answer, ANSWER_LIMIT, "ERR write expected=1..%d\n", RECORDS_AT_ONCE);
    }
    struct records written;
    if (write_records((unsigned) count, &written, error, sizeof error)) {
        return snprintf(answer, ANSWER_LIMIT, "ERR write %s\n", error);
    }
    return snprintf(answer, ANSWER_LIMIT, "WRITTEN %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
            written.first, written.last, uptime_millis());
}

static int answer_verify(char *answer) {
    char error[128];
    struct records read;
    if (verify_records(&read, error, sizeof error)) return snprintf(answer, ANSWER_LIMIT, "ERR verify %s\n", error);
    return snprintf(answer, ANSWER_LIMIT, "VERIFIED %" PRIu64 " %016" PRIx64 " %" PRIu64 "\n",
            read.last, read.digest, uptime_millis());
}

/* A word is echoed only if it can do no harm on a terminal. */
static int answer_ping(const char *word, char *answer) {
    size_t length = strlen(word);
    for (size_t i = 0; i < length; i++) {
        if (!isgraph((unsigned char) word[i])) length = 0;
    }
    if (length < 1 || length > 64) return snprintf(answer, ANSWER_LIMIT, "ERR ping expected=a word of 1..64 letters\n");
    return snprintf(answer, ANSWER_LIMIT, "PONG %s %" PRIu64 "\n", word, uptime_millis());
}

size_t answer_line(struct session *session, char *line, size_t length, char answer[ANSWER_LIMIT]) {
    int size;
    line[length] = 0;
    if (isdigit((unsigned char) *line)) size = answer_numbered(session, line, length, answer);
    else if (!strncmp(line, "PING ", 5)) size = answer_ping(line + 5, answer);
    else if (!strcmp(line, "UPTIME")) size = snprintf(answer, ANSWER_LIMIT, "UPTIME %" PRIu64 "\n", uptime_millis());
    else if (!strncmp(line, "WRITE ", 6)) size = answer_write(line + 6, answer);
    else if (!strcmp(line, "VERIFY")) size = answer_verify(answer);
    else size = snprintf(answer, ANSWER_LIMIT, "ERR command expected=a number, PING, UPTIME, WRITE or VERIFY\n");
    return size < ANSWER_LIMIT ? (size_t) size : ANSWER_LIMIT - 1;
}
