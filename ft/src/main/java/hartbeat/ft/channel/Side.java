package hartbeat.ft.channel;

/** Which end of the channel. */
public enum Side {
    PRIMARY,
    BACKUP;

    public Side other() {
        return this == PRIMARY ? BACKUP : PRIMARY;
    }
}
