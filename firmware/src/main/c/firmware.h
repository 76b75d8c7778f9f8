// What the parts of the firmware know of each other.

#ifndef FIRMWARE_H
#define FIRMWARE_H

#include "platform.h"
#include "riscv.h"

// Error codes (SBI 3.1).
#define SBI_SUCCESS 0
#define SBI_ERR_FAILED -1
#define SBI_ERR_NOT_SUPPORTED -2
#define SBI_ERR_INVALID_PARAM -3
#define SBI_ERR_DENIED -4
#define SBI_ERR_INVALID_ADDRESS -5
#define SBI_ERR_ALREADY_AVAILABLE -6
#define SBI_ERR_ALREADY_STARTED -7

// The registers of the caller that C code may overwrite; start.S knows this layout.
struct frame {
    unsigned ra, sp, t0, t1, t2;
    unsigned a[8];
    unsigned t3, t4, t5, t6;
};

// What an SBI function returns in a0 and a1 (SBI 3).
struct result {
    int error;
    unsigned value;
};

#define OK(v) ((struct result){SBI_SUCCESS, (v)})
#define ERROR(e) ((struct result){(e), 0})

// States of a hart (SBI 9.1); the pending states that need no waiting do not occur.
enum hart_state { STARTED = 0, STOPPED = 1, START_PENDING = 2, SUSPENDED = 4 };

enum fence_kind { FENCE_I, FENCE_VMA, FENCE_VMA_ASID };

struct hart {
    int state;
    unsigned start_addr;           // where the hart enters S-mode next, 0 when nobody has started it
    unsigned opaque;               // and with what a1

    int ipi;                       // an S-mode software interrupt is wanted

    // A remote fence is written down in the sender's record. The receiver finds the senders in
    // fence_from, one bit each, and takes its own bit out of the sender's fence_awaits when done.
    unsigned fence_from;
    unsigned fence_awaits;
    enum fence_kind fence_kind;
    unsigned fence_start, fence_size, fence_asid;
};

extern struct hart harts[MAX_HARTS];
extern unsigned present_harts;      // one bit per hart identifier
extern unsigned ram_end;           // first address after the guest's memory, 0 for 2^32
extern int have_sstc;

static inline unsigned hartid(void) { return csr_read(mhartid); }
static inline struct hart *self(void) { return &harts[hartid()]; }

static inline unsigned mmio_read32(unsigned a) { return *(volatile unsigned *)a; }
static inline void mmio_write32(unsigned a, unsigned v) { *(volatile unsigned *)a = v; }
static inline unsigned char mmio_read8(unsigned a) { return *(volatile unsigned char *)a; }
static inline void mmio_write8(unsigned a, unsigned char v) { *(volatile unsigned char *)a = v; }

// start.S
int load_as_caller(unsigned virtual_address, unsigned *word);
_Noreturn void enter_supervisor(unsigned hartid, unsigned opaque);
_Noreturn void hart_wait(void);

// fdt.c
void fdt_read(const void *fdt);

// console.c
void console_init(void);
void console_put(unsigned char c);
int console_get(void);
void console_text(const char *s);
void console_hex(unsigned v);

// The extensions; each gets the function number and the caller's registers.
struct result sbi_call(unsigned extension, unsigned function, struct frame *f);
struct result time_call(unsigned function, struct frame *f);
struct result ipi_call(unsigned function, struct frame *f);
struct result rfence_call(unsigned function, struct frame *f);
struct result hsm_call(unsigned function, struct frame *f);
struct result reset_call(unsigned function, struct frame *f);
struct result console_call(unsigned function, struct frame *f);
int legacy_call(unsigned extension, struct frame *f);

void timer_set(unsigned low, unsigned high);
void timer_expired(void);

// ipi.c. A mask of harts has one bit per hart identifier.
int harts_of(unsigned mask, unsigned base, unsigned *harts);
void ipi_send(unsigned harts);
void rfence_send(unsigned harts, enum fence_kind kind, unsigned start, unsigned size, unsigned asid);
void ipi_serve(void);

_Noreturn void power_off(unsigned syscon_value);

#endif
