// Programs of busybox, started as a shell starts them, and system calls of our own.

#define _GNU_SOURCE
#include "system.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEXT "/tmp/bench.text"
#define TEXT_BYTES (160 << 10)
#define DIGESTED "/tmp/bench.digested"
#define DIGESTED_BYTES (1 << 20)
#define TREE "/tmp/bench.tree"
#define FOLDERS 12
#define FILES 24
#define ROUNDS 4000

_Noreturn void fail(const char *what, const char *which)
{
    fprintf(stderr, "workloads: %s%s%s\n", what, which ? ": " : "", which ? which : "");
    exit(1);
}

static u32 mix(u32 sum, const u8 *p, long n)
{
    while (n-- > 0)
        sum = (sum ^ *p++) * 16777619;
    return sum;
}

// Runs a command of the shell and returns a hash of what it prints.
static u32 output_of(const char *command)
{
    static u8 buffer[16 << 10];
    u32 sum = 2166136261u;
    int ends[2], status;

    if (pipe(ends))
        fail("pipe", 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 1);
        close(ends[0]);
        close(ends[1]);
        execl("/bin/busybox", "sh", "-c", command, (char *)0);
        _exit(127);
    }
    close(ends[1]);
    for (long n; (n = read(ends[0], buffer, sizeof buffer)) > 0;)
        sum = mix(sum, buffer, n);
    close(ends[0]);
    if (child < 0 || waitpid(child, &status, 0) != child || status)
        fail("command failed", command);
    return sum;
}

// Words of a small vocabulary, so that there is something to compress.
static void write_text(const char *path, long bytes)
{
    static const char *const words[] = {"the ", "hart ", "retires ", "an ", "instruction ", "and ", "traps ", "\n"};
    u32 x = 2463534242u;
    FILE *file = fopen(path, "w");

    if (!file)
        fail("cannot write", path);
    while (ftell(file) < bytes) {
        x = next_random(x);
        fputs(words[x >> 29], file);
        if (x % 5 == 0)
            fprintf(file, "%x ", x >> 12);
    }
    fclose(file);
}

static void prepare(const char *path, long bytes)
{
    if (access(path, F_OK))
        write_text(path, bytes);
}

u32 gzip(u32 seed)
{
    prepare(TEXT, TEXT_BYTES);
    return seed + output_of("/bin/busybox gzip -c < " TEXT);
}

u32 sha256sum(u32 seed)
{
    prepare(DIGESTED, DIGESTED_BYTES);
    return seed + output_of("/bin/busybox sha256sum < " DIGESTED);
}

u32 fork_loop(u32 seed)
{
    return seed + output_of("i=0; while [ $i -lt 8 ]; do /bin/busybox echo $i | /bin/busybox cat; i=$((i + 1)); done");
}

u32 ping_pong(u32 seed)
{
    int there[2], back[2];
    u8 byte = seed;
    u32 sum = seed;

    if (pipe(there) || pipe(back))
        fail("pipe", 0);
    pid_t child = fork();
    if (child == 0) {
        for (u32 i = 0; i < ROUNDS && read(there[0], &byte, 1) == 1; i++) {
            byte = byte * 5 + 1;
            if (write(back[1], &byte, 1) != 1)
                _exit(1);
        }
        _exit(0);
    }
    for (u32 i = 0; i < ROUNDS; i++) {
        if (write(there[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1)
            fail("ping-pong", 0);
        sum = sum * 3 + byte;
    }
    waitpid(child, 0, 0);
    for (int i = 0; i < 2; i++)
        close(there[i]), close(back[i]);
    return sum;
}

static void make_tree(void)
{
    char path[64];

    mkdir(TREE, 0755);
    for (int folder = 0; folder < FOLDERS; folder++) {
        snprintf(path, sizeof path, TREE "/folder%d", folder);
        mkdir(path, 0755);
        for (int file = 0; file < FILES; file++) {
            snprintf(path, sizeof path, TREE "/folder%d/file%d", folder, file);
            int fd = open(path, O_CREAT | O_WRONLY, 0644);
            if (fd < 0 || write(fd, path, file) != file)
                fail("cannot write", path);
            close(fd);
        }
    }
}

// The order in which a folder gives its entries must not change the sum.
static u32 visit(const char *folder)
{
    char path[512];
    u32 sum = 0;
    struct stat status;
    DIR *dir = opendir(folder);

    if (!dir)
        fail("cannot read", folder);
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (stat(path, &status))
            fail("cannot stat", path);
        sum += mix(1, (const u8 *)entry->d_name, strlen(entry->d_name));
        if (S_ISDIR(status.st_mode)) {
            sum += visit(path);
        } else {
            u8 bytes[64];
            int fd = open(path, O_RDONLY);
            sum += mix(2, bytes, read(fd, bytes, sizeof bytes)) * status.st_size;
            close(fd);
        }
    }
    closedir(dir);
    return sum;
}

u32 walk(u32 seed)
{
    if (access(TREE, F_OK))
        make_tree();
    return seed + visit(TREE) + visit(TREE);
}
