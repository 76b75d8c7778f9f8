# Writes wide.c: 2000 different functions, some 800 KB of code, of which each call runs some hundred, a few of
# them often and most of them seldom, as in a kernel. The same text each time.

function random(n) { state = state * 16807 % 2147483647; return state % n }

function statement(i) {
    c = 1 + random(1000000)
    kind = random(9)
    if (kind == 0) return "x += words[(a + " c ") & 2047];"
    if (kind == 1) return "words[(b ^ " c ") & 2047] = x - y;"
    if (kind == 2) return "if (x & " 2 ^ random(9) ") y += " c "; else x ^= y << " 1 + random(9) ";"
    if (kind == 3) return "for (u32 i = 0; i < " 2 + random(7) "; i++) x = x * 5 + bytes[(y + i) & 4095];"
    if (kind == 4) return "bytes[x & 4095] = y; y = y >> " 1 + random(15) " | y << 16;"
    if (kind == 5) return "if (x > y) { x -= y; words[x & 2047] += " c "; } else y = y * 3 + x;"
    if (kind == 6) return "y += (x ^ a) * " c ";"
    if (kind == 7) return "a += x >> 3; b ^= y + " c ";"
    return i + 40 < N ? "if ((y & 7) == " random(8) ") x += f" i + 1 + random(39) "(y, x);" : "x = ~x;"
}

BEGIN {
    N = 2000
    state = 4711
    print "// Written by wide.awk.\n\n#include \"workload.h\"\n"
    print "static u32 words[2048];\nstatic u8 bytes[4096];\n"
    for (i = N - 1; i >= 0; i--) {
        print "static NOINLINE u32 f" i "(u32 a, u32 b)\n{\n    u32 x = a * " 1 + 2 * random(50000) ", y = b ^ " random(1000000) ";"
        lines = 6 + random(11)
        for (k = 0; k < lines; k++) print "    " statement(i)
        if (i + 300 < N && random(10) < 4) print "    y ^= f" i + 1 + random(299) "(x, y);"
        print "    return x + y;\n}"
    }
    printf "static u32 (*const functions[%d])(u32, u32) = {", N
    for (i = 0; i < N; i++) printf "%sf%d,", i % 10 ? " " : "\n    ", i
    print "\n};\n"
    # The product of two numbers below 1: small indexes come more often.
    print "u32 wide(u32 seed)\n{\n    u32 sum = seed, order = seed * 2 + 1;\n"
    print "    for (u32 i = 0; i < 150; i++) {\n        order = next_random(order);"
    print "        sum += functions[((order >> 16) * (order & 0xffff) >> 16) * " N " >> 16](sum, order);\n    }"
    print "    return sum;\n}"
}
