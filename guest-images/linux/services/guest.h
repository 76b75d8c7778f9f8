/* What the parts of the guest's one program share. See main.c for the list of its commands. */
#ifndef GUEST_H
#define GUEST_H

#include <stddef.h>
#include <stdint.h>

/* Milliseconds since the kernel started (CLOCK_BOOTTIME), the only clock that the guest's programs report. */
uint64_t uptime_millis(void);

/* digest.c: CRC-32 (IEEE 802.3, as zlib and java.util.zip.CRC32) and 64-bit FNV-1a, which can be carried on. */
#define FNV_START 0xcbf29ce484222325ull
uint32_t crc32_of(const void *data, size_t length);
uint64_t fnv1a(uint64_t digest, const void *data, size_t length);

/* cmdline.c: the value of "NAME=value" on the kernel's command line, or fallback; lives as long as the program. */
const char *kernel_parameter(const char *name, const char *fallback);
/* The same as a number in min..max; fallback, with a message, where it is absent or is not one. */
long kernel_number(const char *name, long min, long max, long fallback);

/* boot.c: the steps of start-up. Each reports what it did or why it could not, and start-up goes on. */
void mount_kernel_files(void);
void open_console(void);
void bring_up_network(void);
void mount_data_disk(void);

/* inetd.c: sockets that start a program for each connection. */
int listen_on(int port);
void accept_and_start(int listener);
void forget_session(int pid);

/* supervise.c: processes that are started again when they end. */
void supervise_services(int service_socket);
void supervise_consoles(void);
void start_what_is_due(void);
int millis_until_due(void); /* -1: nothing waits to be started */
int was_supervised(int pid);
int start_child(void); /* fork; the child has default signals and no descriptors of init's above 2 */

/* power.c */
_Noreturn void shut_down(int command); /* RB_POWER_OFF, RB_AUTOBOOT, RB_HALT_SYSTEM */

/* Commands of the program. */
int init_main(void);
int check_service(int listener);
int tick_main(long period_millis);
int load_main(void);
int bench_main(long scale);
int instret_main(void);

/* protocol.c: one line in (without its end), one line out (with it); the session is one connection's state. */
#define LINE_LIMIT 4096
#define ANSWER_LIMIT 256
struct session {
    uint64_t expected; /* next sequence number, from 1 */
    uint64_t digest;   /* FNV-1a over the accepted payloads, each with its line end */
};
void begin_session(struct session *session);
size_t answer_line(struct session *session, char *line, size_t length, char answer[ANSWER_LIMIT]);

/* records.c: numbered records in a file on the data disk. Both answer 0 or -1 with a reason in error. */
#define RECORDS_AT_ONCE 10000
struct records {
    uint64_t first, last; /* record numbers, from 1; last = 0: none */
    uint64_t digest;
};
int write_records(unsigned count, struct records *result, char *error, size_t error_size);
int verify_records(struct records *result, char *error, size_t error_size);

#endif
