// Finds the extension that a call names; the Base extension (SBI 4); the legacy calls (SBI 5).

#include "firmware.h"

#define SPEC_VERSION 0x02000000    // 2.0: major in bits 30:24
#define IMPL_ID 0x48425454         // "HBTT"; the registry knows no number for this firmware
#define IMPL_VERSION 1

static struct result base_call(unsigned function, struct frame *f);

static const struct {
    unsigned id;
    struct result (*call)(unsigned function, struct frame *f);
} extensions[] = {
    {0x10, base_call},
    {0x54494d45, time_call},       // "TIME"
    {0x735049, ipi_call},          // "sPI"
    {0x52464e43, rfence_call},     // "RFNC"
    {0x48534d, hsm_call},          // "HSM"
    {0x53525354, reset_call},      // "SRST"
    {0x4442434e, console_call},    // "DBCN"
};

#define EXTENSIONS (sizeof extensions / sizeof extensions[0])

static int probe(unsigned id)
{
    if (id <= 8)
        return 1;
    for (unsigned i = 0; i < EXTENSIONS; i++)
        if (extensions[i].id == id)
            return 1;
    return 0;
}

static struct result base_call(unsigned function, struct frame *f)
{
    switch (function) {
    case 0: return OK(SPEC_VERSION);
    case 1: return OK(IMPL_ID);
    case 2: return OK(IMPL_VERSION);
    case 3: return OK(probe(f->a[0]));
    case 4: return OK(csr_read(mvendorid));
    case 5: return OK(csr_read(marchid));
    case 6: return OK(csr_read(mimpid));
    }
    return ERROR(SBI_ERR_NOT_SUPPORTED);
}

struct result sbi_call(unsigned extension, unsigned function, struct frame *f)
{
    for (unsigned i = 0; i < EXTENSIONS; i++)
        if (extensions[i].id == extension)
            return extensions[i].call(function, f);
    return ERROR(SBI_ERR_NOT_SUPPORTED);
}

// A legacy mask of harts is a bit vector at a virtual address of the caller; 0 means all harts.
static int legacy_harts(unsigned address, unsigned *harts)
{
    unsigned mask;

    if (!address)
        return harts_of(0, -1, harts);
    if (load_as_caller(address, &mask))
        return SBI_ERR_INVALID_ADDRESS;
    return harts_of(mask, 0, harts);
}

static int legacy_fence(struct frame *f, enum fence_kind kind)
{
    unsigned harts;
    int error = legacy_harts(f->a[0], &harts);

    if (!error)
        rfence_send(harts, kind, f->a[1], f->a[2], f->a[3]);
    return error;
}

int legacy_call(unsigned extension, struct frame *f)
{
    unsigned harts;
    int error;

    switch (extension) {
    case 0:
        timer_set(f->a[0], f->a[1]);
        return 0;
    case 1:
        console_put(f->a[0]);
        return 0;
    case 2:
        return console_get();
    case 3: {
        // Returns whether an IPI was pending (SBI 5.4).
        int pending = (csr_read(mip) & IP_SSI) != 0;
        csr_clear(mip, IP_SSI);
        return pending;
    }
    case 4:
        error = legacy_harts(f->a[0], &harts);
        if (!error)
            ipi_send(harts);
        return error;
    case 5:
        return legacy_fence(f, FENCE_I);
    case 6:
        return legacy_fence(f, FENCE_VMA);
    case 7:
        return legacy_fence(f, FENCE_VMA_ASID);
    }
    power_off(SYSCON_PASS);
}
