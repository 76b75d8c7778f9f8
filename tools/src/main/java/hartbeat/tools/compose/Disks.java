package hartbeat.tools.compose;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.host.HostException;
import hartbeat.devices.host.disk.BlockStore;
import hartbeat.devices.host.disk.DiskBackend;
import hartbeat.devices.host.disk.DiskStamp;
import hartbeat.devices.host.disk.FencedBlockStore;
import hartbeat.devices.host.disk.FileBlockStore;
import hartbeat.devices.host.disk.FileFence;
import hartbeat.ft.channel.Blob;
import hartbeat.ft.run.DiskMode;
import hartbeat.tools.cli.DriveOption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The disk images of one machine, open; they pass to back-ends with {@link #connect}. Images of one's own are locked and stamped with the
 * generation that writes them; shared ones lie behind a fence that knows the generation.
 */
final class Disks implements AutoCloseable {
    private final List<Open> open = new ArrayList<>();
    private final List<FencedBlockStore> fenced = new ArrayList<>();
    private final DiskMode mode;

    private boolean connected;

    private record Open(BoardConfig.Drive config, Path image, BlockStore store) {}

    private Disks(DiskMode mode) {
        this.mode = mode;
    }

    /** Opens every image, and locks it unless it is shared; none stays open if one cannot be opened. */
    static Disks open(List<DriveOption> drives, DiskMode mode) throws HostException, IOException {
        Disks disks = new Disks(mode);
        try {
            for (DriveOption drive : drives) {
                disks.add(drive.file(), drive.id(), drive.readOnly());
            }
            return disks;
        } catch (HostException | RuntimeException e) {
            disks.close();
            throw e;
        }
    }

    private void add(Path image, String id, boolean readOnly) throws HostException {
        BlockStore store = readOnly
                ? FileBlockStore.open(image, FileBlockStore.Sharing.READ_ONLY)
                : switch (mode) {
                    case REPLICATED -> FileBlockStore.open(image, FileBlockStore.Sharing.EXCLUSIVE);
                    case SHARED -> fenced(image);
                };
        open.add(new Open(
                new BoardConfig.Drive(store.sizeBytes() / FileBlockStore.SECTOR_BYTES, readOnly, id), image, store));
    }

    private BlockStore fenced(Path image) throws HostException {
        FencedBlockStore store =
                new FencedBlockStore(FileBlockStore.open(image, FileBlockStore.Sharing.SHARED), FileFence.open(image));
        fenced.add(store);
        return store;
    }

    /** This side is live from now on: shared images are its own before the next request is done. */
    void live(long generation) {
        fenced.forEach(store -> store.live(generation));
    }

    List<BoardConfig.Drive> configs() {
        return open.stream().map(Open::config).toList();
    }

    /** Images of this side's own that the machine can change: those that bear a stamp. */
    List<Path> stampedImages() {
        return open.stream()
                .filter(disk -> mode == DiskMode.REPLICATED && !disk.config().readOnly())
                .map(Open::image)
                .toList();
    }

    /** Refuses a backup's copy, which may be behind the one that was live. */
    void refuseFollowers() throws HostException {
        requireCurrent("", 0, "");
    }

    /** Refuses an image that is not the copy of the side that was live last, which the arbiter names with this claim. */
    void requireCurrent(String pairId, long arbiterGeneration, String claim) throws HostException {
        for (Path image : stampedImages()) {
            DiskStamp.requireCurrent(image, pairId, arbiterGeneration, claim);
        }
    }

    /** The contents of all disks of which each side has a copy, to be sent before the machine's first instruction. */
    List<Blob> blobs() {
        return open.stream()
                .filter(_ -> mode == DiskMode.REPLICATED)
                .map(disk ->
                        (Blob) new Contents(PairFiles.diskName(disk.config().id()), disk.store()))
                .toList();
    }

    private record Contents(String name, BlockStore store) implements Blob {
        @Override
        public long bytes() {
            return store.sizeBytes();
        }

        @Override
        public byte[] read(long at, int length) {
            byte[] data = new byte[length];
            try {
                store.read(at, data);
            } catch (IOException e) {
                throw new BlobException("%s: %s".formatted(store, e.getMessage()));
            }
            return data;
        }
    }

    /**
     * Gives each disk a back-end that works for the device of that index; the host closes them from now on. Until the machine runs,
     * the contents can still be read from here.
     */
    void connect(MachineHost host, List<Integer> devices) {
        for (int i = 0; i < open.size(); i++) {
            Open disk = open.get(i);
            host.disk(devices.get(i), new DiskBackend(disk.config().id(), disk.store(), host.sink()));
        }
        connected = true;
    }

    @Override
    public void close() throws IOException {
        if (connected) {
            return;
        }
        for (Open disk : open) {
            disk.store().close();
        }
    }
}
