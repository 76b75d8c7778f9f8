// Prints a line and ends: the smallest guest.

#include "guest.h"

void main(u32 hartid, u32 fdt)
{
    (void)hartid, (void)fdt;
    print("hello from a bare guest\n");
}
