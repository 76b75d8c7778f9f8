package hartbeat.proof.fault;

/** How a process comes to its end. */
public enum Ending {
    /** SIGKILL: its threads had written to their sockets what they could; the kernel closes them after that. */
    KILL,
    /** SIGKILL before the socket's thread came to its turn: what the link held in memory is lost. */
    ABRUPT,
    /** The host loses power: what was on its way is lost as well, and nobody is told. */
    POWER,
    /** The way to the other side breaks, and then the process is killed: what it let out arrives, what it told the other is lost. */
    CUT
}
