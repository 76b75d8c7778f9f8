package hartbeat.proof.fault;

/**
 * A place at which a process touches something outside its own logic. Numbered from 1 for each process, they are the points at which it
 * is killed or stopped.
 */
public enum Crossing {
    /** The entry of an input was appended to the log, or taken from it; the machine has not taken the input yet. */
    INPUT,
    /** The machine has made an output; nobody has it yet. */
    OUTPUT,
    /** A digest is about to be taken. */
    DIGEST,
    /** A message to the other side is about to be handed to the kernel. */
    MESSAGE,
    /** It was. */
    MESSAGE_SENT,
    /** An output is about to leave. */
    RELEASE,
    /** It has been given to the link, or a request to the disk. */
    RELEASED,
    /** The keepers are about to be told that a log holds an input. */
    LOGGED,
    /** This side is about to say that it is live. */
    LIVE,
    /** An operation of the arbiter's storage is about to be carried out for this process. */
    ARBITER
}
