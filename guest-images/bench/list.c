// A linked list in shuffled order, walked and turned round: loads that depend on loads, and some stores.

#include "workload.h"

#define NODES 3000

static struct node {
    struct node *next;
    u32 value;
} nodes[NODES], *head;

static void prepare(void)
{
    static u16 order[NODES];
    u32 x = 99;

    for (u32 i = 0; i < NODES; i++)
        order[i] = i;
    for (u32 i = NODES - 1; i > 0; i--) {
        x = next_random(x);
        u32 j = x % (i + 1);
        u16 other = order[i];
        order[i] = order[j];
        order[j] = other;
    }
    for (u32 i = 0; i < NODES; i++) {
        struct node *node = &nodes[order[i]];
        node->value = i * 17;
        node->next = head;
        head = node;
    }
}

static NOINLINE u32 walk(u32 sum)
{
    for (const struct node *node = head; node; node = node->next)
        sum = (sum ^ node->value) + (sum >> 5);
    return sum;
}

static NOINLINE void reverse(void)
{
    struct node *done = 0;

    while (head) {
        struct node *node = head;
        head = node->next;
        node->next = done;
        done = node;
    }
    head = done;
}

u32 list(u32 seed)
{
    if (!head)
        prepare();
    u32 sum = walk(walk(walk(seed)));
    reverse();
    return sum;
}
