/* The steps of start-up that leave nothing running. */
#include "guest.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/route.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define DISK "/dev/vda"

static void mount_or_say(const char *type, const char *where, unsigned long flags, const char *options) {
    if (mount(type, where, type, flags, options)) printf("hartbeat: %s: %s\n", where, strerror(errno));
}

void mount_kernel_files(void) {
    mount_or_say("devtmpfs", "/dev", MS_NOSUID, "mode=0755");
    mount_or_say("proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    mount_or_say("sysfs", "/sys", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    mkdir("/dev/pts", 0755);
    mount_or_say("devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC, "mode=0620,ptmxmode=0666");
    mount_or_say("tmpfs", "/tmp", MS_NOSUID | MS_NODEV, "mode=1777");
    mount_or_say("tmpfs", "/run", MS_NOSUID | MS_NODEV, "mode=0755");
}

void open_console(void) {
    int fd = open("/dev/console", O_RDWR | O_NOCTTY);
    if (fd < 0) fd = open("/dev/null", O_RDWR);
    for (int target = 0; target < 3; target++) {
        if (fd != target) dup2(fd, target);
    }
    if (fd > 2) close(fd);
    setvbuf(stdout, NULL, _IOLBF, 0);
}

static struct sockaddr address(in_addr_t value) {
    struct sockaddr_in inet = {.sin_family = AF_INET, .sin_addr.s_addr = value};
    struct sockaddr general;
    memcpy(&general, &inet, sizeof general);
    return general;
}

static int set_address(int fd, const char *name, in_addr_t ip, in_addr_t mask) {
    struct ifreq request = {0};
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    request.ifr_addr = address(ip);
    if (ioctl(fd, SIOCSIFADDR, &request)) return -1;
    request.ifr_netmask = address(mask);
    if (ioctl(fd, SIOCSIFNETMASK, &request)) return -1;
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    return ioctl(fd, SIOCSIFFLAGS, &request);
}

static void set_gateway(int fd, const char *text) {
    struct in_addr gateway;
    if (!*text) return;
    if (!inet_aton(text, &gateway)) {
        printf("hartbeat: hartbeat.gw: expected=an IPv4 address, actual=%s; no gateway is set\n", text);
        return;
    }
    struct rtentry route = {.rt_flags = RTF_UP | RTF_GATEWAY};
    route.rt_dst = address(INADDR_ANY);
    route.rt_genmask = address(INADDR_ANY);
    route.rt_gateway = address(gateway.s_addr);
    if (ioctl(fd, SIOCADDRT, &route)) printf("hartbeat: gateway %s: %s\n", text, strerror(errno));
}

/* "ADDRESS/BITS"; 0 if it is that. */
static int parse_network(const char *text, in_addr_t *ip, in_addr_t *mask) {
    char copy[32];
    struct in_addr parsed;
    if (strlen(text) >= sizeof copy) return -1;
    strcpy(copy, text);
    char *slash = strchr(copy, '/'), *end;
    if (!slash) return -1;
    *slash = 0;
    long bits = strtol(slash + 1, &end, 10);
    if (end == slash + 1 || *end || bits < 1 || bits > 32 || !inet_aton(copy, &parsed)) return -1;
    *ip = parsed.s_addr;
    *mask = htonl(~0u << (32 - bits));
    return 0;
}

void bring_up_network(void) {
    static const char standard[] = "10.0.2.15/24";
    const char *network = kernel_parameter("hartbeat.ip", standard);
    const char *gateway = kernel_parameter("hartbeat.gw", "10.0.2.2");
    in_addr_t ip, mask;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || set_address(fd, "lo", htonl(INADDR_LOOPBACK), htonl(0xff000000))) {
        printf("hartbeat: lo: %s\n", strerror(errno));
    }
    if (parse_network(network, &ip, &mask)) {
        printf("hartbeat: hartbeat.ip: expected=ADDRESS/BITS, actual=%s; using %s\n", network, standard);
        network = standard;
        parse_network(standard, &ip, &mask);
    }
    if (access("/sys/class/net/eth0", F_OK)) {
        printf("hartbeat: no network device, going on without\n");
    } else if (set_address(fd, "eth0", ip, mask)) {
        printf("hartbeat: eth0: %s\n", strerror(errno));
    } else {
        printf("hartbeat: eth0 %s\n", network);
        set_gateway(fd, gateway);
    }
    if (fd >= 0) close(fd);
}

/*
 * What an ext4 superblock says of itself: "clean", or why not. Offsets: magic 0x38, state 0x3a (1: unmounted cleanly,
 * 2: errors seen), incompatible features 0x60 (4: the journal holds what the files do not).
 */
static const char *ext4_state(void) {
    uint8_t block[1024];
    int fd = open(DISK, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : pread(fd, block, sizeof block, 1024);
    if (fd >= 0) close(fd);
    if (got != sizeof block) return "not readable";
    if (block[0x38] != 0x53 || block[0x39] != 0xef) return "no ext4 file system";
    if (block[0x3a] & 2) return "errors were found on it";
    if (block[0x60] & 4) return "not unmounted, the journal is played back";
    return block[0x3a] & 1 ? "clean" : "not unmounted cleanly";
}

void mount_data_disk(void) {
    if (access(DISK, F_OK)) {
        printf("hartbeat: no disk, going on without /data\n");
        return;
    }
    const char *state = ext4_state();
    if (mount(DISK, "/data", "ext4", MS_NOATIME, "errors=remount-ro")) {
        printf("hartbeat: %s: %s; %s; going on without /data\n", DISK, state, strerror(errno));
    } else {
        printf("hartbeat: %s on /data, ext4, %s\n", DISK, state);
    }
}
