// What comes to the firmware: its two interrupts, the environment calls of S-mode, and exceptions
// that the hart would not delegate.

#include "firmware.h"

// Gives the exception to S-mode as the hart itself would have done (Priv. 3.1.6.1, 4.1.2 and on).
static void forward(unsigned cause)
{
    unsigned status = csr_read(mstatus);
    unsigned next = status & ~(MSTATUS_SPP | MSTATUS_SPIE | MSTATUS_SIE | MSTATUS_MPP);

    if (status & MSTATUS_MPP_S)
        next |= MSTATUS_SPP;
    if (status & MSTATUS_SIE)
        next |= MSTATUS_SPIE;
    csr_write(sepc, csr_read(mepc));
    csr_write(scause, cause);
    csr_write(stval, csr_read(mtval));
    csr_write(mepc, csr_read(stvec) & ~3);
    csr_write(mstatus, next | MSTATUS_MPP_S);
}

static void environment_call(struct frame *f)
{
    unsigned extension = f->a[7];

    csr_write(mepc, csr_read(mepc) + 4);
    if (extension <= 8) {
        // The legacy calls leave a1 alone (SBI 5).
        f->a[0] = legacy_call(extension, f);
        return;
    }
    struct result r = sbi_call(extension, f->a[6], f);
    f->a[0] = r.error;
    f->a[1] = r.value;
}

void trap(struct frame *f)
{
    unsigned cause = csr_read(mcause);

    if (cause == CAUSE_ECALL_S)
        environment_call(f);
    else if (cause == CAUSE_MTI)
        timer_expired();
    else if (cause == CAUSE_MSI)
        ipi_serve();
    else
        forward(cause);
}

_Noreturn void trap_fatal(void)
{
    console_text("firmware: trap in M-mode: hart=");
    console_hex(hartid());
    console_text(", mcause=");
    console_hex(csr_read(mcause));
    console_text(", mepc=");
    console_hex(csr_read(mepc));
    console_text(", mtval=");
    console_hex(csr_read(mtval));
    console_text("\n");
    power_off(SYSCON_FAIL | 1 << 16);
}
