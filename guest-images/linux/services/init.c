/*
 * Process 1. All of start-up is done here and not by a script: under emulation each program started costs about a million
 * instructions. Options on the kernel's line:
 *
 *   hartbeat.ip=10.0.2.15/24  hartbeat.gw=10.0.2.2     the network (these are the defaults)
 *   hartbeat.run=NAME         run a script after start-up, print its exit code, power off (no shells)
 *   hartbeat.tick=MILLIS      print numbered lines on the console
 *   hartbeat.load=N           keep N processes busy
 */
#include "guest.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

static int script_pid;

static const char *find_script(const char *name) {
    static char path[512];
    static const char *const folders[] = {"/etc/hartbeat/", "/data/"};
    if (*name == '/') return name;
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s%s", folders[i], name);
        if (!access(path, F_OK)) break;
    }
    return path;
}

static void start_script(const char *name) {
    const char *path = find_script(name);
    script_pid = start_child();
    if (script_pid == 0) {
        ioctl(0, TIOCSCTTY, 0);
        execl("/bin/busybox", "sh", path, NULL);
        _exit(127);
    }
}

static void end_with_script(int status) {
    printf("hartbeat: script exit %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    shut_down(RB_POWER_OFF);
}

static void reap(void) {
    int status, pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == script_pid) end_with_script(status);
        if (!was_supervised(pid)) forget_session(pid);
    }
}

/* busybox' poweroff, reboot and halt tell process 1 by these signals. */
static void obey(uint32_t signal_number) {
    switch (signal_number) {
        case SIGCHLD: reap(); break;
        case SIGUSR2: shut_down(RB_POWER_OFF);
        case SIGTERM: case SIGINT: shut_down(RB_AUTOBOOT);
        case SIGUSR1: shut_down(RB_HALT_SYSTEM);
        default: break;
    }
}

static int take_signals(void) {
    static const int numbers[] = {SIGCHLD, SIGUSR1, SIGUSR2, SIGTERM, SIGINT};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) sigaddset(&set, numbers[i]);
    sigprocmask(SIG_BLOCK, &set, NULL);
    reboot(RB_DISABLE_CAD);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

_Noreturn static void serve_for_ever(int signals, int web, int telnet) {
    for (;;) {
        struct pollfd polls[] = {{signals, POLLIN, 0}, {web, POLLIN, 0}, {telnet, POLLIN, 0}};
        if (poll(polls, 3, millis_until_due()) < 0) continue;
        struct signalfd_siginfo signal_info;
        while (polls[0].revents && read(signals, &signal_info, sizeof signal_info) == sizeof signal_info) {
            obey(signal_info.ssi_signo);
        }
        if (polls[1].revents) accept_and_start(web);
        if (polls[2].revents) accept_and_start(telnet);
        start_what_is_due();
    }
}

int init_main(void) {
    mount_kernel_files();
    open_console();
    int signals = take_signals();
    setenv("PATH", "/bin:/sbin", 1);
    setenv("HOME", "/root", 1);
    setenv("ENV", "/etc/profile", 1);
    bring_up_network();
    mount_data_disk();
    int checked = listen_on(7000), web = listen_on(80), telnet = listen_on(23);
    supervise_services(checked);
    start_what_is_due();
    printf("hartbeat: guest ready, uptime %.2f s\n", (double) uptime_millis() / 1000);
    const char *script = kernel_parameter("hartbeat.run", NULL);
    if (script) start_script(script);
    else supervise_consoles();
    start_what_is_due();
    serve_for_ever(signals, web, telnet);
}
