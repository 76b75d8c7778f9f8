// Product of two matrices of integers: multiply-accumulate, one operand by rows, the other by columns.

#include "workload.h"

#define N 56

static u32 left[N][N], right[N][N], product[N][N];

u32 matmul(u32 seed)
{
    u32 sum = 0;

    for (u32 i = 0; i < N; i++)
        for (u32 j = 0; j < N; j++) {
            left[i][j] = seed + 3 * i + j;
            right[i][j] = seed ^ (i * 7 - j);
        }
    for (u32 i = 0; i < N; i++)
        for (u32 j = 0; j < N; j++) {
            u32 cell = 0;
            for (u32 k = 0; k < N; k++)
                cell += left[i][k] * right[k][j];
            product[i][j] = cell;
        }
    for (u32 i = 0; i < N; i++)
        for (u32 j = 0; j < N; j++)
            sum = (sum << 1 | sum >> 31) + product[i][j];
    return sum;
}
