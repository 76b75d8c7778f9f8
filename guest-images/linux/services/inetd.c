#define _GNU_SOURCE
/*
 * Programs that are started for each connection (httpd, telnetd). Process 1 holds the listening sockets, so the ports are
 * open when the guest says that it is ready, and nothing runs before somebody connects.
 */
#include "guest.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SESSIONS 32

static int sessions[SESSIONS]; /* process ids; 0: free */

int listen_on(int port) {
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons((uint16_t) port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    if (fd >= 0) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fd < 0 || bind(fd, (struct sockaddr *) &any, sizeof any) || listen(fd, 64)) {
        printf("hartbeat: port %d: %s\n", port, strerror(errno));
        if (fd >= 0) close(fd);
        return -1;
    }
    return fd;
}

static int free_session(void) {
    for (int i = 0; i < SESSIONS; i++) {
        if (!sessions[i]) return i;
    }
    return -1;
}

void forget_session(int pid) {
    for (int i = 0; i < SESSIONS; i++) {
        if (sessions[i] == pid) sessions[i] = 0;
    }
}

_Noreturn static void run_for(int listener) {
    struct sockaddr_in local = {0};
    socklen_t size = sizeof local;
    getsockname(listener, (struct sockaddr *) &local, &size);
    if (ntohs(local.sin_port) == 80) execl("/bin/busybox", "httpd", "-i", "-h", "/www", NULL);
    else execl("/bin/busybox", "telnetd", "-i", "-l", "/bin/sh", NULL);
    _exit(127);
}

void accept_and_start(int listener) {
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC), slot = free_session();
    if (fd < 0) return;
    /* More than a few at a time is not use but flooding; the peer sees its connection closed. */
    if (slot >= 0) {
        int pid = start_child();
        if (pid == 0) {
            for (int target = 0; target < 3; target++) dup2(fd, target);
            run_for(listener);
        }
        sessions[slot] = pid > 0 ? pid : 0;
    }
    close(fd);
}
