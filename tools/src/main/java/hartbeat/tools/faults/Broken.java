package hartbeat.tools.faults;

/** Something is not as it must be; the life in which it is seen ends here. */
final class Broken extends Exception {
    Broken(String what) {
        super(what);
    }
}
