// Control and status registers, by the names and bits of the Privileged specification.

#ifndef RISCV_H
#define RISCV_H

#define MSTATUS_SIE (1 << 1)
#define MSTATUS_SPIE (1 << 5)
#define MSTATUS_SPP (1 << 8)
#define MSTATUS_MPP (3 << 11)
#define MSTATUS_MPP_S (1 << 11)
#define MSTATUS_MPRV (1 << 17)

// Bits of mip, mie and mideleg.
#define IP_SSI (1 << 1)
#define IP_MSI (1 << 3)
#define IP_STI (1 << 5)
#define IP_MTI (1 << 7)
#define IP_SEI (1 << 9)
#define IP_SUPERVISOR (IP_SSI | IP_STI | IP_SEI)

#define CAUSE_INTERRUPT 0x80000000
#define CAUSE_MSI (CAUSE_INTERRUPT | 3)
#define CAUSE_MTI (CAUSE_INTERRUPT | 7)
#define CAUSE_ECALL_S 9

// Every exception that an S-mode kernel can handle; all but the environment calls from S and M.
// 0-7 misaligned, access, illegal, breakpoint; 8 ecall from U; 12, 13, 15 page faults.
#ifndef MEDELEG
#define MEDELEG 0xb1ff
#endif

#define COUNTEREN 0x7              // cycle, time, instret

// Numbers of registers that older assemblers have no names for.
#define CSR_MENVCFGH 0x31a
#define CSR_STIMECMP 0x14d
#define CSR_STIMECMPH 0x15d
#define MENVCFGH_STCE (1 << 31)    // Sstc: S-mode has its own comparator
#define MENVCFGH_ADUE (1 << 29)    // Svadu: hardware updates the A and D bits

#define PMP_R 0x01
#define PMP_W 0x02
#define PMP_X 0x04
#define PMP_NAPOT 0x18

#ifndef __ASSEMBLER__

#define STRING_(x) #x
#define STRING(x) STRING_(x)

#define csr_read(csr) \
    ({ unsigned v_; __asm__ volatile("csrr %0, " STRING(csr) : "=r"(v_)::"memory"); v_; })
#define csr_write(csr, v) __asm__ volatile("csrw " STRING(csr) ", %0" ::"rK"(v) : "memory")
#define csr_set(csr, v) __asm__ volatile("csrs " STRING(csr) ", %0" ::"rK"(v) : "memory")
#define csr_clear(csr, v) __asm__ volatile("csrc " STRING(csr) ", %0" ::"rK"(v) : "memory")

#define wfi() __asm__ volatile("wfi" ::: "memory")
#define fence() __asm__ volatile("fence iorw, iorw" ::: "memory")

#endif
#endif
