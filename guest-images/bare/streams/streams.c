// The stream harness: runs short streams of instructions, each from a state of its own, and writes down what became of them.
// The same image runs on our machine and on another one; whoever started them compares the results.
//
// A stream goes on behind an instruction that traps, in the mode that its plan says, until it reaches its end (an ECALL at a
// known place) or has trapped too often. Nothing here depends on time.

#include "guest.h"
#include "streams.h"

#define MPP_S (1 << 11)
#define MPRV (1 << 17)
#define FETCH_ACCESS 1
#define ECALL_S 9
#define FETCH_PAGE 12
#define PAGE 4096

struct batch {
    u32 count;
    u32 locked;   // whether the code of the harness is locked against M-mode
    u32 finished; // streams that have ended, or were left out
    u32 zero;
};

struct stream {
    u32 skip;
    u32 passes;
    u32 start;     // virtual
    u32 offset;    // where the code lies in the two pages
    u32 length;    // in words, with the ECALL at the end
    u32 seed;      // of the data
    u32 mstatus;
    u32 medeleg, mideleg, mie, mip, mcounteren, scounteren, menvcfg, menvcfgh, senvcfg, satp;
    u32 stimecmp, mtimecmp, msip;
    u32 stvec, sscratch, sepc, scause, stval;
    u32 pmpcfg[2];
    u32 pmpaddr[8];
    u32 x[32];
    u32 plan[PLANS];   // mstatus with which it goes on after a trap
    u32 wild[PLANS];   // where it goes on if the trap was not in its code
    u32 pages[7];      // entries for CODE .. WINDOW_LEAF at their own addresses
    u32 window[16];
    u32 roots[2];      // for WINDOW and the four megabytes behind it
    u32 code[MOST_CODE];
};

struct trap {
    u32 mcause, mepc, mtval, mstatus;
    u32 scause, sepc, stval;
    u32 instruction;
    u32 registers; // a hash
    u32 mip;
    u32 supervisor_instruction; // at sepc
    u32 unused;
};

struct result {
    u32 number; // of the stream, from 1; 0 if it has not ended
    u32 traps;
    u32 memory; // a hash
    u32 passes; // a hash of the registers after each
    u32 retired; // between leaving and coming back, with what both take
    u32 without_marks; // a hash of the memory but for accessed and dirty bits of page-table entries
    u32 unused[2];
    u32 x[32];
    u32 csr[56];
    struct trap trap[MOST_TRAPS];
};

struct variables {
    u32 number;
    u32 traps;
    u32 passes_left;
    u32 passes;
};

#define saved ((u32 *)SAVED)
#define variables ((struct variables *)VARIABLES)
#define batch ((struct batch *)BATCH)
#define present_stream ((struct stream *)STREAMS + variables->number)
#define present_result ((struct result *)RESULTS + variables->number)

static u32 mix(u32 hash, u32 word) {
    return (hash ^ word) * 0x9e3779b1 + (hash >> 15);
}

static u32 hash_registers(u32 hash) {
    for (int i = 1; i < 32; i++) {
        hash = mix(hash, saved[i]);
    }
    return hash;
}

static u32 hash_memory(u32 from, u32 to, u32 hash) {
    for (u32 *at = (u32 *)from; at < (u32 *)to; at += 8) {
        hash = mix(hash, at[0] + 3 * at[1] + 5 * at[2] + 7 * at[3]);
        hash = mix(hash, at[4] + 3 * at[5] + 5 * at[6] + 7 * at[7]);
    }
    return hash;
}

static u32 hash_tables(u32 hash) {
    for (u32 *at = (u32 *)ROOT; at < (u32 *)PLAY_END; at++) {
        hash = mix(hash, *at & ~0xc0);
    }
    return hash;
}

// The comparators are only ever due or far away, as no two machines count time alike.
static void timers(u32 stimecmp, u32 mtimecmp) {
    csr_write(0x31a, 1u << 31);
    csr_write(0x15d, stimecmp);
    csr_write(0x14d, stimecmp);
    write32(CLINT_MTIMECMP(0) + 4, mtimecmp);
    write32(CLINT_MTIMECMP(0), mtimecmp);
}

static void memory(const struct stream *s) {
    for (u32 *at = (u32 *)CODE; at < (u32 *)PLAY_END; at += 8) {
        at[0] = at[1] = at[2] = at[3] = at[4] = at[5] = at[6] = at[7] = 0;
    }
    u32 *code = (u32 *)(CODE + s->offset);
    for (u32 i = 0; i < s->length; i++) {
        // Half words: code need not be aligned to words.
        ((unsigned short *)code)[2 * i] = (unsigned short)s->code[i];
        ((unsigned short *)code)[2 * i + 1] = (unsigned short)(s->code[i] >> 16);
    }
    u32 word = s->seed;
    for (u32 *at = (u32 *)DATA; at < (u32 *)ROOT; at++) {
        word = word * 1664525 + 1013904223;
        *at = word;
    }
    u32 *root = (u32 *)ROOT;
    root[RAM >> 22] = LEAF >> 2 | 1;
    root[WINDOW >> 22] = s->roots[0];
    root[(WINDOW >> 22) + 1] = s->roots[1];
    u32 *leaf = (u32 *)LEAF;
    leaf[1] = SUPERVISOR_PAGE >> 2 | 0xcb;
    for (int i = 0; i < 7; i++) {
        leaf[(CODE - RAM) / PAGE + i] = s->pages[i];
    }
    for (int i = 0; i < 16; i++) {
        ((u32 *)WINDOW_LEAF)[i] = s->window[i];
    }
}

static void csrs(const struct stream *s) {
    csr_write(medeleg, s->medeleg);
    csr_write(mideleg, s->mideleg);
    csr_write(mcounteren, s->mcounteren);
    csr_write(scounteren, s->scounteren);
    csr_write(0x30a, s->menvcfg);
    csr_write(0x10a, s->senvcfg);
    csr_write(satp, s->satp);
    timers(s->menvcfgh ? s->stimecmp : s->mtimecmp | 0x10000, s->mtimecmp);
    csr_write(0x31a, s->menvcfgh);
    write32(CLINT_MSIP(0), s->msip);
    csr_write(stvec, s->stvec);
    csr_write(sscratch, s->sscratch);
    csr_write(sepc, s->sepc);
    csr_write(scause, s->scause);
    csr_write(stval, s->stval);
    csr_write(mcause, 0);
    csr_write(mtval, 0);
    csr_write(pmpaddr0, s->pmpaddr[0]);
    csr_write(pmpaddr1, s->pmpaddr[1]);
    csr_write(pmpaddr2, s->pmpaddr[2]);
    csr_write(pmpaddr3, s->pmpaddr[3]);
    csr_write(pmpaddr4, s->pmpaddr[4]);
    csr_write(pmpaddr5, s->pmpaddr[5]);
    csr_write(pmpaddr6, s->pmpaddr[6]);
    csr_write(pmpaddr7, s->pmpaddr[7]);
    csr_write(pmpcfg0, s->pmpcfg[0]);
    csr_write(pmpcfg1, s->pmpcfg[1]);
    csr_write(mip, s->mip);
    csr_write(mie, s->mie);
    csr_write(mstatus, s->mstatus);
    csr_write(mepc, s->start);
}

// Makes the next stream's state the one to leave with; there is none: the end.
static void next(void) {
    while (variables->number < batch->count && present_stream->skip) {
        variables->number++;
        batch->finished = variables->number;
    }
    if (variables->number == batch->count) {
        write32(SYSCON, 0x5555);
        for (;;) {
        }
    }
    const struct stream *s = present_stream;
    variables->traps = 0;
    variables->passes = 0;
    present_result->retired = 0;
    variables->passes_left = s->passes;
    memory(s);
    __asm__ volatile("fence.i\nsfence.vma" ::: "memory");
    for (int i = 1; i < 32; i++) {
        saved[i] = s->x[i];
    }
    csrs(s);
}

void first(void) {
    csr_write(pmpaddr15, -1);
    csr_write(pmpcfg3, 0x1f << 24);
    if (batch->locked) {
        csr_write(pmpaddr0, RAM >> 2 | 0x7ff);
        csr_write(pmpcfg0, 0x9d);
    }
    variables->number = 0;
    next();
}

static void finish(struct result *r) {
    u32 *csr = r->csr;
    r->traps = variables->traps;
    r->passes = variables->passes;
    u32 before = hash_memory(CODE, ROOT, 0);
    r->memory = hash_memory(ROOT, PLAY_END, before);
    r->without_marks = hash_tables(before);
    for (int i = 0; i < 32; i++) {
        r->x[i] = i == 0 ? 0 : saved[i];
    }
#define NOTE(name) *csr++ = csr_read(name)
    NOTE(medeleg);
    NOTE(mideleg);
    NOTE(mie);
    NOTE(mip);
    NOTE(mcounteren);
    NOTE(scounteren);
    NOTE(0x30a);
    NOTE(0x31a);
    NOTE(0x10a);
    NOTE(satp);
    NOTE(0x14d);
    NOTE(0x15d);
    NOTE(mtvec);
    NOTE(stvec);
    NOTE(mscratch);
    NOTE(sscratch);
    NOTE(sstatus);
    NOTE(sie);
    NOTE(sip);
    NOTE(sepc);
    NOTE(scause);
    NOTE(stval);
    NOTE(misa);
    NOTE(mstatush);
    NOTE(mhartid);
    NOTE(pmpcfg0);
    NOTE(pmpcfg1);
    NOTE(pmpcfg2);
    NOTE(pmpcfg3);
    NOTE(pmpaddr0);
    NOTE(pmpaddr1);
    NOTE(pmpaddr2);
    NOTE(pmpaddr3);
    NOTE(pmpaddr4);
    NOTE(pmpaddr5);
    NOTE(pmpaddr6);
    NOTE(pmpaddr7);
    NOTE(pmpaddr15);
    csr_write(mie, 0);
    csr_write(pmpcfg0, 0);
    csr_write(pmpcfg1, 0);
    r->number = ++variables->number;
    batch->finished = variables->number;
}

// The 32 bits at an address of a stream's own code, whichever way it is mapped; 0 for an address elsewhere.
static u32 code_at(u32 virtual) {
    u32 offset = virtual & (2 * PAGE - 1);
    if ((virtual - offset != CODE && virtual - offset != WINDOW) || offset > 2 * PAGE - 4) {
        return 0;
    }
    const unsigned short *half = (const unsigned short *)(CODE + offset);
    return half[0] | (u32)half[1] << 16;
}

void trapped(void) {
    const struct stream *s = present_stream;
    struct result *r = present_result;
    u32 number = variables->traps++;
    r->retired += saved[SAVED_CAME / 4] - saved[SAVED_LEFT / 4];
    struct trap *t = &r->trap[number];
    u32 cause = csr_read(mcause);
    u32 epc = csr_read(mepc);
    t->mcause = cause;
    t->mepc = epc;
    t->mtval = csr_read(mtval);
    t->mstatus = csr_read(mstatus) | (saved[SAVED_MPRV / 4] ? MPRV : 0);
    t->scause = csr_read(scause);
    t->sepc = csr_read(sepc);
    t->stval = csr_read(stval);
    t->mip = csr_read(mip);
    t->supervisor_instruction = code_at(t->sepc);
    t->registers = hash_registers(0);
    int delegated = cause == ECALL_S && epc - SUPERVISOR_PAGE < SUPERVISOR_SRET - SUPERVISOR_PAGE;
    if (delegated) {
        cause = t->scause;
        epc = t->sepc;
    }
    t->instruction = code_at(epc);
    u32 offset = epc & (2 * PAGE - 1);
    u32 last = s->offset + 4 * (s->length - 1);
    u32 resume = s->wild[number % PLANS];
    u32 status = s->plan[number % PLANS];
    if (cause & INTERRUPT) {
        // Its level stays: once is enough.
        u32 bit = 1u << (cause & 31);
        csr_clear(mie, bit);
        resume = epc;
    } else if (t->instruction != 0 && cause != FETCH_ACCESS && cause != FETCH_PAGE) {
        resume = epc + ((t->instruction & 3) == 3 ? 4 : 2);
        if (offset == last && cause >= 8 && cause <= 11) {
            variables->passes = hash_registers(variables->passes);
            resume = 0;
            if (--variables->passes_left != 0) {
                resume = s->start;
                status = s->mstatus;
                delegated = 0;
            }
        }
    }
    if (resume == 0 || variables->traps == MOST_TRAPS) {
        finish(r);
        next();
        return;
    }
    // What may lawfully differ in these is in the record, and must not spread.
    csr_write(mcause, 0);
    csr_write(mtval, 0);
    csr_write(scause, 0);
    csr_write(stval, 0);
    csr_write(sepc, resume);
    csr_write(mepc, delegated ? SUPERVISOR_SRET : resume);
    csr_write(mstatus, delegated ? (status & ~(3 << 11 | MPRV)) | MPP_S : status);
    __asm__ volatile("sfence.vma\nfence.i" ::: "memory");
}
