// Answers ARP, ICMP echo and UDP echo (port 7) at 10.0.2.15; a datagram `quit` to that port ends it.

#include "virtio.h"

#define NET_F_MAC (1 << 5)
#define NET_F_MRG_RXBUF (1 << 15)
#define RECEIVE 0
#define TRANSMIT 1
#define BUFFERS 8                  // small ones, so that a long frame needs several
#define BUFFER_BYTES 256
#define FRAME_BYTES 1514

#define ETH_BYTES 14
#define TYPE_IPV4 0x0800
#define TYPE_ARP 0x0806
#define ICMP 1
#define UDP 17
#define ECHO_PORT 7

static const u8 address[4] = {10, 0, 2, 15};
static u8 mac[6];
static u32 base, header_bytes, mergeable;
static struct virtq receive, transmit;
static u8 buffers[BUFFERS][2048];
static u8 out[12 + FRAME_BYTES];
static u8 frame[2 * FRAME_BYTES];
static int ended;

static u32 get16(const u8 *p) { return p[0] << 8 | p[1]; }

static void put16(u8 *p, u32 v)
{
    p[0] = v >> 8;
    p[1] = v;
}

static void send(u32 bytes)
{
    memset(out, 0, header_bytes);
    memcpy(out + header_bytes, frame, bytes);
    transmit.desc[0] = (struct desc){(u32)out, header_bytes + bytes, 0, 0};
    virtq_offer(&transmit, 0);
    virtq_wait(&transmit, 0);
}

static void begin(void)
{
    base = virtio_find(VIRTIO_NET);
    check(1, base);
    u32 features = virtio_begin(base, NET_F_MAC | NET_F_MRG_RXBUF);
    check(2, features & NET_F_MAC);
    mergeable = features & NET_F_MRG_RXBUF;
    // The legacy header lacks num_buffers unless buffers can be merged (Virtio 1.2, 5.1.6.1).
    header_bytes = mergeable || virtio_modern(base) ? 12 : 10;
    for (u32 i = 0; i < 6; i++)
        mac[i] = read8(base + VIRTIO_CONFIG + i);
    virtio_queue(base, RECEIVE, &receive);
    virtio_queue(base, TRANSMIT, &transmit);
    virtio_ready(base);
    for (u32 i = 0; i < BUFFERS; i++) {
        receive.desc[i] = (struct desc){(u32)buffers[i], mergeable ? BUFFER_BYTES : sizeof buffers[i], DESC_WRITE, 0};
        virtq_offer(&receive, i);
    }
}

// Puts the next frame together from its buffers; returns its length.
static u32 next_frame(void)
{
    u32 bytes = 0, parts = 1;

    for (u32 part = 0; part < parts; part++) {
        u16 head;
        u32 skip = part ? 0 : header_bytes;
        u32 len = virtq_wait(&receive, &head);

        check(3, len >= skip && head < BUFFERS && bytes + len < sizeof frame);
        if (!part && mergeable)
            parts = buffers[head][10] | buffers[head][11] << 8;
        check(4, parts >= 1 && parts <= BUFFERS);
        memcpy(frame + bytes, buffers[head] + skip, len - skip);
        bytes += len - skip;
        virtq_offer(&receive, head);
    }
    return bytes;
}

// The sum of the Internet checksum over 16-bit words, to be finished by checksum().
static u32 add_words(u32 sum, const u8 *p, u32 bytes)
{
    for (; bytes > 1; bytes -= 2, p += 2)
        sum += get16(p);
    return bytes ? sum + (p[0] << 8) : sum;
}

static u32 checksum(u32 sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return ~sum & 0xffff;
}

static void answer_ethernet(void)
{
    memcpy(frame, frame + 6, 6);
    memcpy(frame + 6, mac, 6);
}

static void arp(u8 *p, u32 bytes)
{
    if (bytes < 28 || get16(p + 6) != 1 || memcmp(p + 24, address, 4))
        return;
    put16(p + 6, 2);
    memcpy(p + 18, p + 8, 10);
    memcpy(p + 8, mac, 6);
    memcpy(p + 14, address, 4);
    answer_ethernet();
    send(ETH_BYTES + 28);
}

// Turns the header round; ttl is set anew. Returns with the header's checksum right.
static void answer_ip(u8 *ip, u32 header)
{
    memcpy(ip + 16, ip + 12, 4);
    memcpy(ip + 12, address, 4);
    ip[8] = 64;
    put16(ip + 10, 0);
    put16(ip + 10, checksum(add_words(0, ip, header)));
    answer_ethernet();
}

static void icmp(u8 *ip, u32 header, u32 total)
{
    u8 *p = ip + header;
    u32 bytes = total - header;

    if (bytes < 8 || p[0] != 8 || checksum(add_words(0, p, bytes)))
        return;
    p[0] = 0;
    put16(p + 2, 0);
    put16(p + 2, checksum(add_words(0, p, bytes)));
    answer_ip(ip, header);
    send(ETH_BYTES + total);
}

static void udp(u8 *ip, u32 header, u32 total)
{
    u8 *p = ip + header;
    u8 ports[2];
    u32 bytes = total - header;

    if (bytes < 8 || get16(p + 4) != bytes || get16(p + 2) != ECHO_PORT)
        return;
    ended = bytes == 12 && !memcmp(p + 8, "quit", 4);
    memcpy(ports, p, 2);
    memcpy(p, p + 2, 2);
    memcpy(p + 2, ports, 2);
    answer_ip(ip, header);
    put16(p + 6, 0);
    u32 sum = checksum(add_words(add_words(UDP + bytes, ip + 12, 8), p, bytes));
    put16(p + 6, sum ? sum : 0xffff);
    send(ETH_BYTES + total);
}

static void ipv4(u8 *ip, u32 bytes)
{
    u32 header = (ip[0] & 15) * 4, total = get16(ip + 2);

    if (bytes < 20 || ip[0] >> 4 != 4 || header < 20 || total < header || total > bytes)
        return;
    if (memcmp(ip + 16, address, 4) || checksum(add_words(0, ip, header)))
        return;
    if (ip[9] == ICMP)
        icmp(ip, header, total);
    else if (ip[9] == UDP)
        udp(ip, header, total);
}

void main(u32 hartid, u32 fdt)
{
    (void)hartid, (void)fdt;
    begin();
    print("ready\n");
    while (!ended) {
        u32 bytes = next_frame();
        if (bytes < ETH_BYTES)
            continue;
        if (get16(frame + 12) == TYPE_ARP)
            arp(frame + ETH_BYTES, bytes - ETH_BYTES);
        else if (get16(frame + 12) == TYPE_IPV4)
            ipv4(frame + ETH_BYTES, bytes - ETH_BYTES);
    }
    print("bye\n");
}
