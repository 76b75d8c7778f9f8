// A stack machine that interprets a program: one indirect jump for each instruction of it.

#include "workload.h"

enum { PUSH, ADD, SUB, XOR, SHL, SHR, MUL3, DUP, SWAP, OVER, STORE, LOAD, JNZ, DEC, END };

// Counts down local 0 from 250 and mixes local 1 meanwhile.
static const u8 program[] = {
    PUSH, 250, STORE, 0,
    // 4:
    LOAD, 1, DUP, PUSH, 7, SHR, XOR, MUL3, LOAD, 0, ADD, DUP, PUSH, 3, SHL, SWAP, OVER, SUB, XOR, STORE, 1,
    LOAD, 0, DEC, DUP, STORE, 0, JNZ, 4,
    END,
};

static NOINLINE u32 run(const u8 *pc, u32 seed)
{
    u32 stack[16], local[2] = {0, seed}, *sp = stack, t;

    for (;;)
        switch (*pc++) {
        case PUSH: *sp++ = *pc++; break;
        case ADD: sp--; sp[-1] += sp[0]; break;
        case SUB: sp--; sp[-1] -= sp[0]; break;
        case XOR: sp--; sp[-1] ^= sp[0]; break;
        case SHL: sp--; sp[-1] <<= sp[0] & 31; break;
        case SHR: sp--; sp[-1] >>= sp[0] & 31; break;
        case MUL3: sp[-1] *= 3; break;
        case DUP: sp[0] = sp[-1]; sp++; break;
        case SWAP: t = sp[-1]; sp[-1] = sp[-2]; sp[-2] = t; break;
        case OVER: sp[0] = sp[-2]; sp++; break;
        case STORE: local[*pc++] = *--sp; break;
        case LOAD: *sp++ = local[*pc++]; break;
        case JNZ: pc = *--sp ? program + *pc : pc + 1; break;
        case DEC: sp[-1]--; break;
        default: return local[1];
        }
}

u32 interp(u32 seed)
{
    u32 sum = seed;

    for (u32 i = 0; i < 8; i++)
        sum = run(program, sum + i);
    return sum;
}
