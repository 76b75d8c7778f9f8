// What every bare guest has at hand: the memory map, a console, and the way to end.

#ifndef GUEST_H
#define GUEST_H

// QEMU's riscv32 `virt` board.
#define SYSCON 0x00100000
#define CLINT 0x02000000
#define CLINT_MSIP(hart) (CLINT + 4 * (hart))
#define CLINT_MTIMECMP(hart) (CLINT + 0x4000 + 8 * (hart))
#define CLINT_MTIME (CLINT + 0xbff8)
#define PLIC 0x0c000000
#define PLIC_PRIORITY(irq) (PLIC + 4 * (irq))
#define PLIC_PENDING (PLIC + 0x1000)
#define PLIC_ENABLE(context) (PLIC + 0x2000 + 0x80 * (context))
#define PLIC_THRESHOLD(context) (PLIC + 0x200000 + 0x1000 * (context))
#define PLIC_CLAIM(context) (PLIC_THRESHOLD(context) + 4)
#define UART0 0x10000000
#define UART0_IRQ 10
#define VIRTIO0 0x10001000
#define VIRTIO_STRIDE 0x1000
#define VIRTIO_COUNT 8
#define VIRTIO0_IRQ 1
#define RAM 0x80000000

#define TIMEBASE_HZ 10000000

#define IRQ_SSI 1
#define IRQ_MSI 3
#define IRQ_STI 5
#define IRQ_MTI 7
#define IRQ_SEI 9
#define IRQ_MEI 11
#define INTERRUPT 0x80000000

#ifndef __ASSEMBLER__

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

#define STRING_(x) #x
#define STRING(x) STRING_(x)
#define csr_read(csr) \
    ({ u32 v_; __asm__ volatile("csrr %0, " STRING(csr) : "=r"(v_)::"memory"); v_; })
#define csr_write(csr, v) __asm__ volatile("csrw " STRING(csr) ", %0" ::"rK"(v) : "memory")
#define csr_set(csr, v) __asm__ volatile("csrs " STRING(csr) ", %0" ::"rK"(v) : "memory")
#define csr_clear(csr, v) __asm__ volatile("csrc " STRING(csr) ", %0" ::"rK"(v) : "memory")
#define wfi() __asm__ volatile("wfi" ::: "memory")
#define fence() __asm__ volatile("fence iorw, iorw" ::: "memory")

static inline u32 read32(u32 a) { return *(volatile u32 *)a; }
static inline void write32(u32 a, u32 v) { *(volatile u32 *)a = v; }
static inline u8 read8(u32 a) { return *(volatile u8 *)a; }
static inline void write8(u32 a, u8 v) { *(volatile u8 *)a = v; }

// All registers of the interrupted code, by number; x[0] is its pc, to be changed at will.
struct frame {
    u32 x[32];
};
#define A0 10
#define A1 11
#define A7 17

// Each guest has a main for hart 0; the end of main is a pass. The others are optional.
void main(u32 hartid, u32 fdt);
void secondary(u32 hartid, u32 opaque);      // every other hart; by default they sleep
void trap(struct frame *f, u32 cause, u32 tval);  // by default a trap is a failure

void put(char c);
void print(const char *s);
void print_hex(u32 v);
void print_dec(u32 v);

// Ends the run: through HTIF, and through the syscon for a machine without HTIF.
_Noreturn void pass(void);
_Noreturn void fail(u32 test);
void check(u32 test, int holds);

_Noreturn void power_off(u32 test);          // the syscon half alone; 0 is a pass

u64 time_now(void);

void *memset(void *to, int c, u32 n);
void *memcpy(void *to, const void *from, u32 n);
int memcmp(const void *a, const void *b, u32 n);

#endif
#endif
