#include "guest.h"

uint32_t crc32_of(const void *data, size_t length) {
    static uint32_t table[256];
    if (!table[1]) {
        for (uint32_t byte = 0; byte < 256; byte++) {
            uint32_t remainder = byte;
            for (int bit = 0; bit < 8; bit++) remainder = remainder >> 1 ^ (remainder & 1 ? 0xedb88320u : 0);
            table[byte] = remainder;
        }
    }
    uint32_t crc = ~0u;
    for (const uint8_t *at = data, *end = at + length; at < end; at++) crc = crc >> 8 ^ table[(crc ^ *at) & 255];
    return ~crc;
}

uint64_t fnv1a(uint64_t digest, const void *data, size_t length) {
    for (const uint8_t *at = data, *end = at + length; at < end; at++) digest = (digest ^ *at) * 0x100000001b3ull;
    return digest;
}
