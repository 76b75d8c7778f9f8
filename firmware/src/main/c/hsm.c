// The hart state management extension (SBI 9), and a hart's way from reset to S-mode.

#include "firmware.h"

#define RETENTIVE 0x00000000
#define NON_RETENTIVE 0x80000000

struct hart harts[MAX_HARTS];

// Hart 0, once, before anything else; the other harts touch no memory until it starts them.
void boot(const void *fdt)
{
    present_harts = 1;
    fdt_read(fdt);
    for (unsigned i = 1; i < MAX_HARTS; i++)
        harts[i].state = STOPPED;
    console_init();
}

// Every hart, on its way into S-mode.
void hart_prepare(unsigned menvcfgh)
{
    __atomic_store_n(&self()->state, STARTED, __ATOMIC_SEQ_CST);
    if (menvcfgh & MENVCFGH_STCE) {
        have_sstc = 1;
        timer_set(-1, -1);
    }
}

struct start {
    unsigned addr, opaque;
};

// A stopped hart got a software interrupt: was it a start, or only a fence that came too late?
struct start hart_woken(void)
{
    struct hart *h = self();

    ipi_serve();
    unsigned addr = __atomic_exchange_n(&h->start_addr, 0, __ATOMIC_SEQ_CST);
    return (struct start){addr, h->opaque};
}

static int present(unsigned id) { return id < MAX_HARTS && (present_harts >> id & 1); }

// S-mode can begin anywhere in memory but in the firmware's.
static int valid_address(unsigned addr) { return addr >= RAM + FIRMWARE_BYTES && addr - 1 < ram_end - 1; }

static int hart_start(unsigned id, unsigned addr, unsigned opaque)
{
    if (!present(id))
        return SBI_ERR_INVALID_PARAM;
    if (!valid_address(addr))
        return SBI_ERR_INVALID_ADDRESS;

    struct hart *h = &harts[id];
    int stopped = STOPPED;
    // The state is claimed first, because two harts may start the same third one. start_addr is
    // written last: it is what the started hart looks for.
    if (!__atomic_compare_exchange_n(
            &h->state, &stopped, START_PENDING, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        return stopped == START_PENDING ? SBI_ERR_FAILED : SBI_ERR_ALREADY_AVAILABLE;
    h->opaque = opaque;
    __atomic_store_n(&h->start_addr, addr, __ATOMIC_SEQ_CST);
    mmio_write32(CLINT_MSIP + 4 * id, 1);
    return SBI_SUCCESS;
}

static _Noreturn void hart_stop(void)
{
    csr_write(mie, 0);
    __atomic_store_n(&self()->state, STOPPED, __ATOMIC_SEQ_CST);
    ipi_serve();
    hart_wait();
}

// Waits for an interrupt that S-mode has enabled; serves the other harts meanwhile.
static void wait_for_supervisor_interrupt(void)
{
    unsigned pending;

    while (pending = csr_read(mip) & csr_read(mie), !(pending & IP_SUPERVISOR)) {
        if (pending & IP_MTI)
            timer_expired();
        else if (pending & IP_MSI)
            ipi_serve();
        else
            wfi();
    }
}

static int hart_suspend(unsigned type, unsigned addr, unsigned opaque)
{
    if (type != RETENTIVE && type != NON_RETENTIVE)
        return SBI_ERR_INVALID_PARAM;
    if (type == NON_RETENTIVE && !valid_address(addr))
        return SBI_ERR_INVALID_ADDRESS;
    __atomic_store_n(&self()->state, SUSPENDED, __ATOMIC_SEQ_CST);
    wait_for_supervisor_interrupt();
    __atomic_store_n(&self()->state, STARTED, __ATOMIC_SEQ_CST);
    if (type == NON_RETENTIVE) {
        csr_write(mepc, addr);
        enter_supervisor(hartid(), opaque);
    }
    return SBI_SUCCESS;
}

struct result hsm_call(unsigned function, struct frame *f)
{
    switch (function) {
    case 0: return ERROR(hart_start(f->a[0], f->a[1], f->a[2]));
    case 1: hart_stop();
    case 2:
        if (!present(f->a[0]))
            return ERROR(SBI_ERR_INVALID_PARAM);
        return OK(__atomic_load_n(&harts[f->a[0]].state, __ATOMIC_SEQ_CST));
    case 3: return ERROR(hart_suspend(f->a[0], f->a[1], f->a[2]));
    }
    return ERROR(SBI_ERR_NOT_SUPPORTED);
}
