// The TIME extension (SBI 6): the hart's own comparator where it has one (Sstc), else the CLINT's,
// whose interrupt the firmware turns into one for S-mode.

#include "firmware.h"

int have_sstc;

void timer_set(unsigned low, unsigned high)
{
    // Each pair goes by way of a value that is too late, never one that is too early.
    if (have_sstc) {
        csr_write(CSR_STIMECMPH, -1);
        csr_write(CSR_STIMECMP, low);
        csr_write(CSR_STIMECMPH, high);
        return;
    }
    unsigned compare = CLINT_MTIMECMP + 8 * hartid();
    mmio_write32(compare + 4, -1);
    mmio_write32(compare, low);
    mmio_write32(compare + 4, high);
    csr_clear(mip, IP_STI);
    csr_set(mie, IP_MTI);
}

// S-mode clears the interrupt by setting the next time; until then MTI would only come again.
void timer_expired(void)
{
    csr_clear(mie, IP_MTI);
    csr_set(mip, IP_STI);
}

struct result time_call(unsigned function, struct frame *f)
{
    if (function != 0)
        return ERROR(SBI_ERR_NOT_SUPPORTED);
    timer_set(f->a[0], f->a[1]);
    return OK(0);
}
