package hartbeat.devices.host.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.disk.FileBlockStore.Sharing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDiskTest {
    private static final String MACHINE = "00112233445566778899aabbccddeeff";
    private static final String OTHER = "ff112233445566778899aabbccddeeff";

    @TempDir
    Path directory;

    private Path image;

    @BeforeEach
    void createImage() throws IOException {
        image = Files.write(directory.resolve("disk.img"), new byte[4 * 512]);
    }

    private static void refused(ThrowingCallable call, String message, String hint) {
        assertThatThrownBy(call).isInstanceOfSatisfying(HostException.class, e -> {
            assertThat(e).hasMessageContaining(message);
            assertThat(e.hint()).contains(hint);
            assertThat(e.oneLine()).doesNotContain("\n");
        });
    }

    @Test
    void unusableImagesAreRefusedWithAHint() throws Exception {
        Path missing = directory.resolve("missing.img");
        refused(() -> FileBlockStore.open(missing, Sharing.EXCLUSIVE), "does not exist", "truncate");
        assertThat(missing).doesNotExist();
        refused(() -> FileBlockStore.open(directory, Sharing.EXCLUSIVE), "not a regular file", "raw image");
        Path odd = Files.write(directory.resolve("odd.img"), new byte[700]);
        refused(() -> FileBlockStore.open(odd, Sharing.EXCLUSIVE), "actual=700 bytes", "truncate -s 1024");
        Path empty = Files.write(directory.resolve("empty.img"), new byte[0]);
        refused(() -> FileBlockStore.open(empty, Sharing.EXCLUSIVE), "actual=0 bytes", "truncate -s 512");
    }

    @Test
    void anImageHasOneWriter() throws Exception {
        try (FileBlockStore first = FileBlockStore.open(image, Sharing.EXCLUSIVE)) {
            refused(() -> FileBlockStore.open(image, Sharing.EXCLUSIVE), "in use", "own copy");
            assertThat(first.sizeBytes()).isEqualTo(4 * 512);
        }
        FileBlockStore.open(image, Sharing.EXCLUSIVE).close();
    }

    @Test
    void aReadOnlyImageIsNeverChanged() throws Exception {
        try (FileBlockStore store = FileBlockStore.open(image, Sharing.READ_ONLY)) {
            assertThat(store.readOnly()).isTrue();
            assertThatThrownBy(() -> store.zero(0, 512)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aShrunkImageIsAnErrorAndNotZeros() throws Exception {
        try (FileBlockStore store = FileBlockStore.open(image, Sharing.EXCLUSIVE)) {
            Files.write(image, new byte[512]);
            assertThatThrownBy(() -> store.read(512, new byte[512])).hasMessageContaining("shrunk");
        }
    }

    @Test
    void aStampComesBackAndAnotherReplacesIt() throws Exception {
        assertThat(DiskStamp.read(image)).isEmpty();
        DiskStamp stamp = new DiskStamp(MACHINE, 3, DiskStamp.Standing.LIVE);
        stamp.write(image);
        assertThat(DiskStamp.read(image)).contains(stamp);
        DiskStamp next = new DiskStamp(MACHINE, 4, DiskStamp.Standing.COMPLETE);
        next.write(image);
        assertThat(DiskStamp.read(image)).contains(next);
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactlyInAnyOrder(image, DiskStamp.pathOf(image));
        }
    }

    @Test
    void aStaleCopyIsRefused() throws Exception {
        DiskStamp.requireCurrent(image, MACHINE, 5, "");
        new DiskStamp(MACHINE, 4, DiskStamp.Standing.LIVE).write(image);
        DiskStamp.requireCurrent(image, MACHINE, 4, "");
        DiskStamp.requireCurrent(image, OTHER, 5, "");
        refused(
                () -> DiskStamp.requireCurrent(image, MACHINE, 5, ""),
                "expected=written in generation 5, actual=generation 4",
                "live last");
        new DiskStamp(MACHINE, 5, DiskStamp.Standing.FOLLOWING).write(image);
        refused(() -> DiskStamp.requireCurrent(image, MACHINE, 5, ""), "a backup's copy", "live last");
        new DiskStamp(MACHINE, 5, DiskStamp.Standing.COMPLETE).write(image);
        DiskStamp.requireCurrent(image, MACHINE, 5, "");
    }

    /** Whoever claimed and crashed before the next stamp has the right copy still; who lost the claim has not. */
    @Test
    void aCopyWhoseSideClaimedIsCurrentUnlessAnotherWon() throws Exception {
        String mine = "0123456789abcdef";
        DiskStamp stamp = new DiskStamp(MACHINE, 5, DiskStamp.Standing.CLAIMING, mine);
        stamp.write(image);
        assertThat(DiskStamp.read(image)).contains(stamp);
        DiskStamp.requireCurrent(image, MACHINE, 4, "fedcba9876543210");
        DiskStamp.requireCurrent(image, MACHINE, 5, mine);
        refused(
                () -> DiskStamp.requireCurrent(image, MACHINE, 5, "fedcba9876543210"),
                "expected=written in generation 5, actual=generation 4",
                "live last");
        refused(() -> DiskStamp.requireCurrent(image, MACHINE, 6, mine), "stale", "live last");
    }

    @Test
    void aDamagedStampIsRefused() throws Exception {
        new DiskStamp(MACHINE, 4, DiskStamp.Standing.LIVE).write(image);
        String good = Files.readString(DiskStamp.pathOf(image));
        for (String bad : new String[] {"", "x", good.replace(" 4 ", " 5 "), good + " ", good.repeat(50), "\0\n"}) {
            Files.writeString(DiskStamp.pathOf(image), bad);
            if (!bad.strip().equals(good.strip())) {
                refused(() -> DiskStamp.read(image), "damaged", "newest");
            }
        }
    }

    @Test
    void aClaimWaitsForAWriteUnderWayAndThenFencesItsGenerationOff() throws Exception {
        try (FileFence old = FileFence.open(image);
                FileFence young = FileFence.open(image)) {
            assertThat(old.tryClaim(1)).isTrue();
            CountDownLatch writing = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    old.perform(1, () -> {
                        writing.countDown();
                        await(go);
                    });
                } catch (IOException e) {
                    failure.set(e);
                }
            });
            await(writing);
            assertThat(young.tryClaim(2)).isFalse();
            go.countDown();
            writer.join();
            assertThat(failure.get()).isNull();
            assertThat(young.tryClaim(2)).isTrue();
            assertThatThrownBy(() -> old.perform(1, () -> failure.set(new AssertionError("wrote"))))
                    .isInstanceOf(FencedException.class);
            assertThat(failure.get()).isNull();
            assertThat(young.owner()).isEqualTo(2);
        }
    }

    @Test
    void aDamagedGenerationFileStopsEverybody() throws Exception {
        try (FileFence fence = FileFence.open(image)) {
            assertThat(fence.tryClaim(7)).isTrue();
            Files.write(directory.resolve("disk.img.generation"), new byte[] {1, 2, 3});
            assertThatThrownBy(() -> fence.perform(7, () -> {})).hasMessageContaining("damaged");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("nothing happened");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
