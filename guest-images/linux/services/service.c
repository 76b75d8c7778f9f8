#define _GNU_SOURCE
/* The checking service's connections: one process, one poll loop, fixed memory. protocol.c says what is spoken. */
#include "guest.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#define CONNECTIONS 64
#define OUT_LIMIT (16 * ANSWER_LIMIT)

struct connection {
    int fd; /* -1: free */
    int closing; /* nothing more is read; closed once all is written */
    struct session session;
    size_t in_used, out_used;
    char in[LINE_LIMIT], out[OUT_LIMIT];
};

static struct connection connections[CONNECTIONS];

static void drop(struct connection *c) {
    close(c->fd);
    c->fd = -1;
}

static void accept_connection(int listener) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    for (int i = 0; i < CONNECTIONS; i++) {
        struct connection *c = &connections[i];
        if (c->fd >= 0) continue;
        memset(c, 0, offsetof(struct connection, in));
        c->fd = fd;
        begin_session(&c->session);
        int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        return;
    }
    static const char full[] = "ERR connections limit=64\n";
    (void) !send(fd, full, sizeof full - 1, MSG_NOSIGNAL);
    close(fd);
}

/* Answers the whole lines that are here, as long as there is room for answers. */
static void answer_lines(struct connection *c) {
    size_t start = 0;
    while (c->out_used + ANSWER_LIMIT <= OUT_LIMIT) {
        char *end = memchr(c->in + start, '\n', c->in_used - start);
        if (!end) break;
        size_t length = (size_t) (end - (c->in + start));
        c->out_used += answer_line(&c->session, c->in + start, length, c->out + c->out_used);
        start += length + 1;
    }
    c->in_used -= start;
    memmove(c->in, c->in + start, c->in_used);
    if (c->in_used == LINE_LIMIT && !memchr(c->in, '\n', LINE_LIMIT) && c->out_used + ANSWER_LIMIT <= OUT_LIMIT) {
        c->out_used += (size_t) sprintf(c->out + c->out_used, "ERR line limit=%d\n", LINE_LIMIT);
        c->in_used = 0;
        c->closing = 1;
    }
}

static void read_some(struct connection *c) {
    ssize_t got = recv(c->fd, c->in + c->in_used, LINE_LIMIT - c->in_used, 0);
    if (got > 0) c->in_used += (size_t) got;
    else if (got == 0) c->closing = 1;
    else if (errno != EAGAIN && errno != EINTR) drop(c);
}

static void write_some(struct connection *c) {
    ssize_t sent = send(c->fd, c->out, c->out_used, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        drop(c);
    } else if (sent > 0) {
        c->out_used -= (size_t) sent;
        memmove(c->out, c->out + sent, c->out_used);
    }
}

static void serve(struct connection *c, short events) {
    if (events & (POLLERR | POLLNVAL)) {
        drop(c);
        return;
    }
    if (!c->closing && c->in_used < LINE_LIMIT && events & (POLLIN | POLLHUP)) read_some(c);
    /* Answers that leave make room for lines that waited. */
    for (size_t before = SIZE_MAX; c->fd >= 0 && c->in_used + c->out_used != before;) {
        before = c->in_used + c->out_used;
        answer_lines(c);
        if (c->out_used) write_some(c);
    }
    if (c->fd >= 0 && c->closing && !c->out_used) drop(c);
}

int check_service(int listener) {
    if (listener < 0) return 1;
    struct pollfd polls[CONNECTIONS + 1];
    signal(SIGPIPE, SIG_IGN);
    for (int i = 0; i < CONNECTIONS; i++) connections[i].fd = -1;
    for (;;) {
        for (int i = 0; i < CONNECTIONS; i++) {
            struct connection *c = &connections[i];
            int room = !c->closing && c->in_used < LINE_LIMIT;
            polls[i] = (struct pollfd) {c->fd, (short) ((room ? POLLIN : 0) | (c->out_used ? POLLOUT : 0)), 0};
        }
        polls[CONNECTIONS] = (struct pollfd) {listener, POLLIN, 0};
        if (poll(polls, CONNECTIONS + 1, -1) < 0) {
            if (errno == EINTR) continue;
            perror("poll");
            return 1;
        }
        for (int i = 0; i < CONNECTIONS; i++) {
            if (polls[i].fd >= 0 && polls[i].revents) serve(&connections[i], polls[i].revents);
        }
        if (polls[CONNECTIONS].revents) accept_connection(listener);
    }
}
