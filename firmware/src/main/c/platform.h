// The machine's memory map, as far as the firmware needs it: QEMU's riscv32 `virt` board.
// It is the only place where the firmware names an address.

#ifndef PLATFORM_H
#define PLATFORM_H

#define SYSCON 0x00100000          // "sifive,test1" finisher: one 32-bit register
#define SYSCON_PASS 0x5555         // power off, exit code 0
#define SYSCON_RESET 0x7777        // reboot
#define SYSCON_FAIL 0x3333         // power off; the exit code stands in bits 31:16

#define CLINT 0x02000000
#define CLINT_MSIP (CLINT + 0x0000)      // 4 bytes per hart
#define CLINT_MTIMECMP (CLINT + 0x4000)  // 8 bytes per hart

#define UART0 0x10000000           // 16550, one byte per register

#define RAM 0x80000000             // the firmware is loaded here
#define FIRMWARE_BYTES 0x10000     // image, data and stacks; a power of two for one NAPOT PMP entry
#define KERNEL 0x80400000          // the S-mode kernel is loaded here

#define MAX_HARTS 16
#define STACK_BYTES 0x800          // per hart

#endif
