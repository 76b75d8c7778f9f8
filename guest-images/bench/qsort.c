// Quicksort of words, short pieces by insertion: branches that cannot be foreseen, and recursion.

#include "workload.h"

#define WORDS 6000
#define SHORT 8

static u32 words[WORDS];

static void swap(u32 *a, u32 *b)
{
    u32 other = *a;
    *a = *b;
    *b = other;
}

static void insertion(u32 *first, u32 *last)
{
    for (u32 *p = first + 1; p <= last; p++) {
        u32 word = *p, *q = p;
        for (; q > first && q[-1] > word; q--)
            *q = q[-1];
        *q = word;
    }
}

static NOINLINE void sort(u32 *first, u32 *last)
{
    while (last - first > SHORT) {
        u32 *middle = first + (last - first) / 2, *low = first, *high = last;
        if (*middle < *first)
            swap(middle, first);
        if (*last < *middle)
            swap(last, middle);
        if (*middle < *first)
            swap(middle, first);
        u32 pivot = *middle;
        while (low <= high) {
            while (*low < pivot)
                low++;
            while (*high > pivot)
                high--;
            if (low <= high)
                swap(low++, high--);
        }
        sort(first, high);
        first = low;
    }
    insertion(first, last);
}

u32 qsort_words(u32 seed)
{
    u32 x = seed | 1, sum = 0;

    for (u32 i = 0; i < WORDS; i++)
        words[i] = x = next_random(x);
    sort(words, words + WORDS - 1);
    for (u32 i = 1; i < WORDS; i++)
        sum += (words[i] >= words[i - 1]) + words[i] * i;
    return sum;
}
