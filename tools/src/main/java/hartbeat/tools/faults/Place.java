package hartbeat.tools.faults;

/** A host of a site. */
enum Place {
    PRIMARY("10.77.0.1"),
    BACKUP("10.77.0.2"),
    SWITCH("10.77.0.3"),
    CLIENT("10.77.0.4");

    private final String address;

    Place(String address) {
        this.address = address;
    }

    String address() {
        return address;
    }
}
