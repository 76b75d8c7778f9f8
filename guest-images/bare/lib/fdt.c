// Looks for text in the device tree.

#include "fdt.h"

static u32 big_endian(u32 v) { return v << 24 | (v & 0xff00) << 8 | (v >> 8 & 0xff00) | v >> 24; }

static u32 length(const char *text)
{
    u32 n = 0;
    while (text[n])
        n++;
    return n;
}

// Returns the first place of the text from p on, or 0.
static const char *find(u32 fdt, const char *p, const char *text)
{
    const char *end = (const char *)fdt + big_endian(((const u32 *)fdt)[1]) - length(text);

    for (; p <= end; p++)
        if (!memcmp(p, text, length(text)))
            return p;
    return 0;
}

static int is_tree(u32 fdt) { return fdt && *(const u32 *)fdt == big_endian(0xd00dfeed); }

u32 fdt_count(u32 fdt, const char *text)
{
    u32 n = 0;

    if (is_tree(fdt))
        for (const char *p = (const char *)fdt; (p = find(fdt, p, text)); p++)
            n++;
    return n;
}

u32 fdt_number(u32 fdt, const char *text, u32 otherwise)
{
    const char *p = is_tree(fdt) ? find(fdt, (const char *)fdt, text) : 0;
    u32 n = 0;

    if (!p)
        return otherwise;
    for (p += length(text); *p >= '0' && *p <= '9'; p++)
        n = 10 * n + *p - '0';
    return n;
}
