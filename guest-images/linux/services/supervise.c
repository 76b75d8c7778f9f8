/* Processes that run as long as the guest does: the checking service, the options of the kernel's line, the shells. */
#include "guest.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <termios.h>
#include <unistd.h>

#define JOBS 8
/* One that ends at once is not started again at once. */
#define RESTART_MILLIS 1000

struct job {
    const char *name;
    const char *terminal; /* a shell on it; NULL: run */
    int (*run)(long argument);
    long argument;
    int pid; /* 0: not running */
    uint64_t due; /* uptime in milliseconds from which it may be started */
};

static struct job jobs[JOBS];
static int job_count;

static void add(struct job job) {
    if (job_count < JOBS) jobs[job_count++] = job;
}

int start_child(void) {
    fflush(stdout);
    int pid = fork();
    if (pid == 0) {
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        setsid();
    }
    return pid;
}

_Noreturn static void run_shell(const char *terminal) {
    int fd = open(terminal, O_RDWR);
    if (fd < 0) _exit(1);
    ioctl(fd, TIOCSCTTY, 0);
    for (int target = 0; target < 3; target++) dup2(fd, target);
    if (fd > 2) close(fd);
    (void) !chdir("/root");
    execl("/bin/busybox", "-sh", NULL);
    _exit(127);
}

static void start(struct job *job) {
    job->due = uptime_millis() + RESTART_MILLIS;
    int pid = start_child();
    if (pid) {
        job->pid = pid > 0 ? pid : 0;
        return;
    }
    if (job->terminal) run_shell(job->terminal);
    prctl(PR_SET_NAME, job->name);
    _exit(job->run(job->argument));
}

void start_what_is_due(void) {
    for (int i = 0; i < job_count; i++) {
        if (!jobs[i].pid && uptime_millis() >= jobs[i].due) start(&jobs[i]);
    }
}

int millis_until_due(void) {
    uint64_t now = uptime_millis();
    int wait = -1;
    for (int i = 0; i < job_count; i++) {
        if (jobs[i].pid) continue;
        int left = jobs[i].due > now ? (int) (jobs[i].due - now) : 0;
        if (wait < 0 || left < wait) wait = left;
    }
    return wait;
}

int was_supervised(int pid) {
    for (int i = 0; i < job_count; i++) {
        if (jobs[i].pid == pid) {
            jobs[i].pid = 0;
            return 1;
        }
    }
    return 0;
}

static int serve(long listener) { return check_service((int) listener); }

static int load(long unused) {
    (void) unused;
    return load_main();
}

void supervise_services(int service_socket) {
    if (service_socket >= 0) add((struct job) {.name = "checkd", .run = serve, .argument = service_socket});
    long period = kernel_number("hartbeat.tick", 1, 3600000, 0);
    if (period) add((struct job) {.name = "tick", .run = tick_main, .argument = period});
    for (long n = kernel_number("hartbeat.load", 1, 4, 0); n > 0; n--) add((struct job) {.name = "load", .run = load});
}

/* A name in /dev is no proof of a device behind it. */
static int is_terminal(const char *name) {
    int fd = open(name, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return 0;
    struct termios settings;
    int answer = !tcgetattr(fd, &settings);
    close(fd);
    return answer;
}

void supervise_consoles(void) {
    static const char *const terminals[] = {"/dev/ttyS0", "/dev/hvc0"};
    for (size_t i = 0; i < sizeof terminals / sizeof *terminals; i++) {
        if (is_terminal(terminals[i])) add((struct job) {.name = "sh", .terminal = terminals[i]});
    }
}
