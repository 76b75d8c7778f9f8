#include "guest.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Ends all other processes, politely first, and waits for them at most so long. */
static void end_all(int signal_number, unsigned limit_millis) {
    kill(-1, signal_number);
    uint64_t until = uptime_millis() + limit_millis;
    for (;;) {
        pid_t pid = waitpid(-1, NULL, WNOHANG);
        if (pid < 0 || uptime_millis() >= until) return;
        if (pid == 0) nanosleep(&(struct timespec) {.tv_nsec = 5000000}, NULL);
    }
}

void shut_down(int command) {
    /* An interactive shell ignores SIGTERM; it minds the loss of its terminal. */
    kill(-1, SIGHUP);
    end_all(SIGTERM, 500);
    end_all(SIGKILL, 500);
    if (umount("/data") && errno != EINVAL) printf("hartbeat: /data: %s\n", strerror(errno));
    sync();
    printf("hartbeat: %s, uptime %.2f s\n", command == RB_AUTOBOOT ? "restart" : "power off",
            (double) uptime_millis() / 1000);
    fflush(stdout);
    reboot(command);
    for (;;) pause();
}
