package hartbeat.devices.host.disk;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.DiskOperation;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class DiskBackendTest {
    @TempDir
    Path directory;

    private static Output.DiskRequest write(long number, int fill) {
        byte[] data = new byte[512];
        data[0] = (byte) fill;
        return new Output.DiskRequest(1, number, DiskOperation.WRITE, 0, 1, data);
    }

    private static Output.DiskRequest read(long number) {
        return new Output.DiskRequest(1, number, DiskOperation.READ, 0, 1, new byte[0]);
    }

    @Test
    void requestsAreDoneInOrderAndNoCompletionIsLostWhenTheSinkIsFull() throws Exception {
        BlockingQueue<Input> sink = new ArrayBlockingQueue<>(2);
        try (DiskBackend disk = new DiskBackend("t", new MemoryBlockStore(512), sink::offer)) {
            for (int i = 0; i < 100; i++) {
                assertThat(disk.offer(write(2L * i + 1, i))).isTrue();
                assertThat(disk.offer(read(2L * i + 2))).isTrue();
            }
            for (int i = 0; i < 100; i++) {
                assertThat(taken(sink).request()).isEqualTo(2L * i + 1);
                Input.DiskCompletion read = taken(sink);
                assertThat(read.request()).isEqualTo(2L * i + 2);
                assertThat(read.data()[0]).isEqualTo((byte) i);
            }
        }
    }

    @Test
    void closingKeepsWhatWasDone() throws Exception {
        Path image = Files.write(directory.resolve("disk.img"), new byte[512]);
        BlockingQueue<Input> sink = new ArrayBlockingQueue<>(9);
        DiskBackend disk =
                new DiskBackend("t", FileBlockStore.open(image, FileBlockStore.Sharing.EXCLUSIVE), sink::offer);
        disk.offer(write(1, 5));
        taken(sink);
        disk.close();
        assertThat(disk.offer(write(2, 6))).isFalse();
        assertThat(Files.readAllBytes(image)[0]).isEqualTo((byte) 5);
    }

    @Test
    void aFencedSideStopsWithoutCompletingAnything() throws Exception {
        MemoryBlockStore store = new MemoryBlockStore(512);
        CountDownLatch tried = new CountDownLatch(1);
        Fence fence = new Fence() {
            @Override
            public boolean tryClaim(long generation) {
                return true;
            }

            @Override
            public void perform(long generation, Change change) throws IOException {
                tried.countDown();
                throw new FencedException(generation, 4);
            }
        };
        List<Input> completions = new ArrayList<>();
        FencedBlockStore fenced = new FencedBlockStore(store, fence);
        fenced.live(3);
        DiskBackend disk = new DiskBackend("t", fenced, completions::add);
        disk.offer(write(1, 1));
        disk.offer(write(2, 1));
        assertThat(tried.await(20, TimeUnit.SECONDS)).isTrue();
        disk.close();
        assertThat(disk.fencedBy()).hasValue(4);
        assertThat(completions).isEmpty();
        assertThat(store.content()[0]).isZero();
    }

    private static Input.DiskCompletion taken(BlockingQueue<Input> sink) throws InterruptedException {
        return filled((Input.DiskCompletion) sink.poll(20, TimeUnit.SECONDS));
    }

    private static Input.DiskCompletion filled(Input.@Nullable DiskCompletion completion) {
        if (completion == null) {
            throw new AssertionError("no completion");
        }
        return completion;
    }
}
