// The system reset extension (SBI 10), by way of the syscon.

#include "firmware.h"

#define SHUTDOWN 0
#define COLD_REBOOT 1
#define WARM_REBOOT 2
#define NO_REASON 0
#define SYSTEM_FAILURE 1
#define VENDOR 0xf0000000          // from here on types are the vendor's
#define REASONS_NOT_RESERVED 0xe0000000

_Noreturn void power_off(unsigned syscon_value)
{
    mmio_write32(SYSCON, syscon_value);
    csr_write(mie, 0);
    for (;;)
        wfi();
}

struct result reset_call(unsigned function, struct frame *f)
{
    unsigned type = f->a[0], reason = f->a[1];

    if (function != 0)
        return ERROR(SBI_ERR_NOT_SUPPORTED);
    if (type > WARM_REBOOT && type < VENDOR)
        return ERROR(SBI_ERR_INVALID_PARAM);
    if (reason > SYSTEM_FAILURE && reason < REASONS_NOT_RESERVED)
        return ERROR(SBI_ERR_INVALID_PARAM);
    if (type >= VENDOR)
        return ERROR(SBI_ERR_NOT_SUPPORTED);
    if (type != SHUTDOWN)
        power_off(SYSCON_RESET);
    power_off(reason == NO_REASON ? SYSCON_PASS : SYSCON_FAIL | 1 << 16);
}
