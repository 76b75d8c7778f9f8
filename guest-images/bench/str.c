// Text: copies, lengths, comparisons and a search, byte by byte, as C libraries without word tricks do it.

#include "workload.h"

#define LENGTH 1200

static char text[LENGTH + 1], copy[LENGTH + 1];

static NOINLINE u32 length_of(const char *s)
{
    const char *end = s;
    while (*end)
        end++;
    return end - s;
}

static NOINLINE void copy_to(char *to, const char *from)
{
    while ((*to++ = *from++))
        ;
}

static NOINLINE int compare(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return (u8)*a - (u8)*b;
}

static NOINLINE u32 count(const char *s, const char *word)
{
    u32 found = 0;

    for (; *s; s++) {
        const char *p = s, *q = word;
        while (*q && *p == *q)
            p++, q++;
        found += !*q;
    }
    return found;
}

u32 str(u32 seed)
{
    static const char *const words[] = {"hart", "trap", "page", "the", "fence", "csr "};
    u32 x = seed | 1, sum = 0;
    char *end = text;

    while (end < text + LENGTH - 8) {
        x = next_random(x);
        const char *word = words[(x >> 8) % 6];
        copy_to(end, word);
        end += length_of(word);
    }
    copy_to(copy, text);
    sum += compare(text, copy);
    copy[x % 500 + 300] = '!';
    sum = sum * 31 + compare(text, copy);
    for (u32 i = 0; i < 6; i++)
        sum = sum * 31 + count(text, words[i]);
    for (u32 at = 0; at < LENGTH - 40; at += 37)
        sum += length_of(copy + at);
    return sum;
}
