package hartbeat.devices.host.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hartbeat.emulator.io.DiskOperation;
import hartbeat.emulator.io.DiskStatus;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskEngineTest {
    private static final long SEED = Long.getLong("hartbeat.seed", 42);

    @TempDir
    Path directory;

    private long number;

    private Output.DiskRequest request(DiskOperation operation, long sector, int sectors, byte[] data) {
        return new Output.DiskRequest(3, ++number, operation, sector, sectors, data);
    }

    private static byte[] sectors(int count, int fill) {
        byte[] data = new byte[count * 512];
        Arrays.fill(data, (byte) fill);
        return data;
    }

    @Test
    void fileAndMemoryGiveTheSameAnswersToRandomRequests() throws Exception {
        Path image = directory.resolve("disk.img");
        Files.write(image, new byte[64 * 512]);
        MemoryBlockStore model = new MemoryBlockStore(64 * 512);
        DiskEngine expected = new DiskEngine(model);
        Random random = new Random(SEED);
        try (FileBlockStore store = FileBlockStore.open(image, FileBlockStore.Sharing.EXCLUSIVE)) {
            DiskEngine engine = new DiskEngine(store);
            for (int i = 0; i < 2000; i++) {
                DiskOperation operation = DiskOperation.values()[random.nextInt(DiskOperation.values().length)];
                int count = random.nextInt(9);
                byte[] data = new byte[operation == DiskOperation.WRITE ? count * 512 : 0];
                random.nextBytes(data);
                Output.DiskRequest request = request(operation, random.nextInt(70) - 2, count, data);
                Input.DiskCompletion want = expected.execute(request);
                Input.DiskCompletion got = engine.execute(request);
                assertThat(got.status())
                        .as("seed %d (-Dhartbeat.seed), step %d", SEED, i)
                        .isEqualTo(want.status());
                assertThat(got.data())
                        .as("seed %d (-Dhartbeat.seed), step %d", SEED, i)
                        .isEqualTo(want.data());
            }
            assertThat(engine.badRequests()).isEqualTo(expected.badRequests()).isPositive();
            assertThat(engine.ioErrors()).isZero();
        }
        assertThat(Files.readAllBytes(image)).isEqualTo(model.content());
    }

    @Test
    void discardedSectorsReadAsZerosAndGiveTheirSpaceBack() throws Exception {
        Path image = directory.resolve("disk.img");
        Files.write(image, sectors(4096, 7));
        try (FileBlockStore store = FileBlockStore.open(image, FileBlockStore.Sharing.EXCLUSIVE)) {
            DiskEngine engine = new DiskEngine(store);
            assertThat(engine.execute(request(DiskOperation.DISCARD, 8, 4000, new byte[0]))
                            .status())
                    .isEqualTo(DiskStatus.OK);
            assertThat(engine.execute(request(DiskOperation.READ, 7, 3, new byte[0]))
                            .data())
                    .startsWith(sectors(1, 7))
                    .endsWith(sectors(2, 0));
        }
        assertThat(Files.size(image)).isEqualTo(4096 * 512);
    }

    @Test
    void requestsOutsideTheDiskOrOfAbsurdLengthAreTheGuestsMistake() throws Exception {
        DiskEngine engine = new DiskEngine(new MemoryBlockStore(8 * 512));
        byte[] none = {};
        assertThat(engine.execute(request(DiskOperation.READ, 8, 1, none)).status())
                .isEqualTo(DiskStatus.IO_ERROR);
        assertThat(engine.execute(request(DiskOperation.READ, -1, 1, none)).status())
                .isEqualTo(DiskStatus.IO_ERROR);
        assertThat(engine.execute(request(DiskOperation.READ, Long.MAX_VALUE, Integer.MAX_VALUE, none))
                        .status())
                .isEqualTo(DiskStatus.IO_ERROR);
        assertThat(engine.execute(request(DiskOperation.WRITE, 0, -1, none)).status())
                .isEqualTo(DiskStatus.IO_ERROR);
        assertThat(engine.execute(request(DiskOperation.WRITE, 0, 2, sectors(1, 1)))
                        .status())
                .isEqualTo(DiskStatus.IO_ERROR);
        assertThat(engine.badRequests()).isEqualTo(5);
        assertThat(engine.ioErrors()).isZero();
    }

    @Test
    void flushedDataSurvivesACrashAndUnflushedDataNeedNot() throws Exception {
        MemoryBlockStore store = new MemoryBlockStore(2 * 512);
        DiskEngine engine = new DiskEngine(store);
        engine.execute(request(DiskOperation.WRITE, 0, 1, sectors(1, 1)));
        engine.execute(request(DiskOperation.FLUSH, 0, 0, new byte[0]));
        engine.execute(request(DiskOperation.WRITE, 1, 1, sectors(1, 2)));
        store.crash();
        assertThat(store.content()).startsWith(sectors(1, 1)).endsWith(sectors(1, 0));
    }

    @Test
    void aFailureOfTheHostIsAnErrorForTheGuestOnly() throws Exception {
        MemoryBlockStore store = new MemoryBlockStore(512);
        DiskEngine engine = new DiskEngine(store);
        store.failNext(1);
        assertThat(engine.execute(request(DiskOperation.FLUSH, 0, 0, new byte[0]))
                        .status())
                .isEqualTo(DiskStatus.IO_ERROR);
        assertThat(engine.execute(request(DiskOperation.FLUSH, 0, 0, new byte[0]))
                        .status())
                .isEqualTo(DiskStatus.OK);
        assertThat(engine.ioErrors()).isEqualTo(1);
    }

    @Test
    void anOlderGenerationCannotChangeASharedDisk() throws Exception {
        MemoryBlockStore disk = new MemoryBlockStore(2 * 512);
        Fence fence = Fence.inMemory();
        FencedBlockStore oldStore = new FencedBlockStore(disk, fence);
        DiskEngine old = new DiskEngine(oldStore);
        Output.DiskRequest early = request(DiskOperation.WRITE, 0, 1, sectors(1, 5));
        assertThat(old.execute(early).status()).as("not live yet").isEqualTo(DiskStatus.IO_ERROR);
        oldStore.live(1);
        old.execute(request(DiskOperation.WRITE, 0, 1, sectors(1, 1)));
        FencedBlockStore youngStore = new FencedBlockStore(disk, fence);
        youngStore.live(2);
        assertThat(new DiskEngine(youngStore)
                        .execute(request(DiskOperation.READ, 0, 1, new byte[0]))
                        .data())
                .isEqualTo(sectors(1, 1));
        Output.DiskRequest late = request(DiskOperation.WRITE, 0, 1, sectors(1, 9));
        assertThatThrownBy(() -> old.execute(late))
                .isInstanceOfSatisfying(
                        FencedException.class, e -> assertThat(e.byGeneration()).isEqualTo(2));
        assertThatThrownBy(() -> old.execute(request(DiskOperation.DISCARD, 0, 1, new byte[0])))
                .isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> fence.tryClaim(1)).isInstanceOf(FencedException.class);
        assertThat(disk.content()).startsWith(sectors(1, 1));
        youngStore.live(3);
        assertThat(new DiskEngine(youngStore).execute(early).status())
                .as("goes on alone in a later generation")
                .isEqualTo(DiskStatus.OK);
    }
}
