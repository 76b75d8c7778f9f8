/*
 * Numbered records on the data disk. A record is one text line of 64 bytes: its number (10 digits), the CRC-32 of the rest,
 * and a body that follows from the number; so each byte of the file can be checked without a second copy.
 */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECORD 64
#define FILE_NAME "/data/records"

static void make_record(uint64_t number, char record[RECORD + 1]) {
    char body[44];
    uint64_t seed = number;
    for (int i = 0; i < 43; i++) {
        seed = seed * 6364136223846793005ull + 1442695040888963407ull;
        body[i] = (char) ('a' + (seed >> 33) % 26);
    }
    body[43] = 0;
    snprintf(record, RECORD + 1, "%010" PRIu64 " %08" PRIx32 " %s\n", number, crc32_of(body, 43), body);
}

static int failed(char *error, size_t size, const char *what) {
    snprintf(error, size, "%s: %s", what, strerror(errno));
    return -1;
}

/* Without a disk /data is a folder of the initramfs, and what is written there would prove nothing. */
static int open_records(int flags, off_t *size, char *error, size_t error_size) {
    struct stat root, data, file;
    if (stat("/", &root) || stat("/data", &data) || root.st_dev == data.st_dev) {
        snprintf(error, error_size, "no disk is mounted on /data");
        return -1;
    }
    int fd = open(FILE_NAME, flags | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0 || fstat(fd, &file)) {
        failed(error, error_size, FILE_NAME);
        if (fd >= 0) close(fd);
        return -1;
    }
    *size = file.st_size;
    if (file.st_size % RECORD) {
        snprintf(error, error_size, "%s: expected=a multiple of %d bytes, actual=%lld", FILE_NAME, RECORD,
                (long long) file.st_size);
        close(fd);
        return -1;
    }
    return fd;
}

int write_records(unsigned count, struct records *result, char *error, size_t error_size) {
    off_t size;
    int fd = open_records(O_WRONLY | O_APPEND, &size, error, error_size);
    if (fd < 0) return -1;
    result->first = (uint64_t) size / RECORD + 1;
    result->last = result->first + count - 1;
    static char block[64 * RECORD + 1];
    int status = 0;
    for (uint64_t number = result->first; !status && number <= result->last;) {
        size_t filled = 0;
        for (; filled < 64 * RECORD && number <= result->last; filled += RECORD) make_record(number++, block + filled);
        if (write(fd, block, filled) != (ssize_t) filled) status = failed(error, error_size, "write");
    }
    if (!status && fsync(fd)) status = failed(error, error_size, "fsync");
    close(fd);
    return status;
}

int verify_records(struct records *result, char *error, size_t error_size) {
    off_t size;
    int fd = open_records(O_RDONLY, &size, error, error_size), status = 0;
    if (fd < 0) return -1;
    /* What stands in the page cache proves nothing about the disk. */
    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    *result = (struct records) {1, 0, FNV_START};
    char expected[RECORD + 1], block[64 * RECORD];
    ssize_t got;
    while (!status && (got = read(fd, block, sizeof block)) > 0) {
        for (ssize_t at = 0; !status && at + RECORD <= got; at += RECORD) {
            make_record(result->last + 1, expected);
            if (memcmp(expected, block + at, RECORD)) {
                snprintf(error, error_size, "%s: record %" PRIu64 " is damaged", FILE_NAME, result->last + 1);
                status = -1;
            } else {
                result->last++;
            }
        }
        result->digest = fnv1a(result->digest, block, (size_t) got);
    }
    if (!status && got < 0) status = failed(error, error_size, "read");
    if (!status && (off_t) (result->last * RECORD) != size) {
        snprintf(error, error_size, "expected=%lld records, actual=%" PRIu64, (long long) size / RECORD, result->last);
        status = -1;
    }
    close(fd);
    return status;
}
