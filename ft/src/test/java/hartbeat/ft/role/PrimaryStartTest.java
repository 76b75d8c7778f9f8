package hartbeat.ft.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hartbeat.ft.arbiter.Arbiter;
import hartbeat.ft.channel.Blob;
import hartbeat.ft.channel.BlobStore;
import hartbeat.ft.channel.MemoryChannel;
import hartbeat.ft.channel.Message;
import hartbeat.ft.channel.Secret;
import hartbeat.ft.channel.Side;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How a pair is made, message by message. */
final class PrimaryStartTest {
    private static final long SECOND = 1_000_000_000;
    private static final byte[] DIGEST = new byte[32];

    private final List<String> events = new ArrayList<>();
    private final AtomicInteger nonce = new AtomicInteger();
    private Arbiter.Answer answer = new Arbiter.Won(4);

    private final PrimaryStart primary = new PrimaryStart(
            identity("primary", 0),
            new Arbiter() {
                private @Nullable Question asked;

                @Override
                public void ask(Question question) {
                    events.add(question.toString());
                    asked = question;
                }

                @Override
                public @Nullable Answer poll() {
                    Answer due = asked == null ? null : answer;
                    asked = null;
                    return due;
                }
            },
            new PrimaryStart.Stamps() {
                @Override
                public void claiming(long generation) {
                    events.add("claiming " + generation);
                }

                @Override
                public void won(long generation) {
                    events.add("won " + generation);
                }
            },
            new Message.Configuration(4, new byte[16], DIGEST, DiskMode.REPLICATED, new byte[3]),
            List.<Blob>of(),
            events::add);

    private PrimaryStart.Identity identity(String name, int key) {
        byte[] secret = new byte[32];
        secret[0] = (byte) key;
        return new PrimaryStart.Identity(name, new Secret(secret), () -> {
            byte[] fresh = new byte[16];
            fresh[0] = (byte) nonce.incrementAndGet();
            return fresh;
        });
    }

    private BackupStart backup(MemoryChannel channel, String name, int key) {
        BlobStore none = new BlobStore() {
            @Override
            public void begin(String blob, long bytes) {
                throw new Blob.BlobException("not wanted");
            }

            @Override
            public void write(byte[] chunk) {}

            @Override
            public void end() {}
        };
        return new BackupStart(identity(name, key), channel.end(Side.BACKUP), none, _ -> {});
    }

    private void run(MemoryChannel channel, BackupStart backup) {
        for (int i = 1; i <= 10; i++) {
            channel.now(i);
            primary.poll(i);
            backup.poll(i);
        }
    }

    /** As often as such a role asks to be polled. */
    private static void poll(Role role, int from, int to) {
        for (int second = from; second <= to; second++) {
            role.poll(second * SECOND);
        }
    }

    @Test
    void aStrangerCostsNoGenerationAndTheNextPeerIsTheBackup() {
        MemoryChannel strange = new MemoryChannel(0, 1 << 20);
        primary.accept(strange.end(Side.PRIMARY), "10.0.0.2:7");
        run(strange, backup(strange, "stranger", 1));
        assertThat(primary.wantsPeer()).isTrue();
        assertThat(events).hasSize(1).first().asString().contains("a peer at 10.0.0.2:7 was refused: ", "pair secret");

        MemoryChannel channel = new MemoryChannel(0, 1 << 20);
        primary.accept(channel.end(Side.PRIMARY), "10.0.0.2:7");
        BackupStart backup = backup(channel, "backup", 0);
        run(channel, backup);
        assertThat(events.subList(1, events.size()))
                .containsExactly("backup is backup", "claiming 4", "Claim[generation=4, claimant=primary]", "won 4");
        assertThat(backup.outcome()).isEqualTo(new Role.Outcome(0, "the machine is here"));
        assertThat(primary.outcome()).isNull();
        backup.joining().ready(DIGEST);
        primary.poll(11);
        assertThat(primary.outcome()).isNotNull();
        assertThat(primary.outcome().exitCode()).isZero();
        assertThat(primary.backup()).isSameAs(channel.end(Side.PRIMARY));
    }

    @Test
    void noSecondPeerWhileOneIsDealtWith() {
        MemoryChannel channel = new MemoryChannel(0, 1 << 20);
        primary.accept(channel.end(Side.PRIMARY), "10.0.0.2:7");
        run(channel, backup(channel, "backup", 0));
        assertThat(primary.wantsPeer()).isFalse();
        assertThatThrownBy(() -> primary.accept(new MemoryChannel(0, 1).end(Side.PRIMARY), "10.0.0.3:7"))
                .hasMessageContaining("a second peer");
    }

    @Test
    void aStartThatWasOvertakenIsFencedAndItsPeerIsTold() {
        answer = new Arbiter.Lost(4, "fast");
        MemoryChannel channel = new MemoryChannel(0, 1 << 20);
        primary.accept(channel.end(Side.PRIMARY), "10.0.0.2:7");
        BackupStart backup = backup(channel, "backup", 0);
        run(channel, backup);
        assertThat(primary.outcome()).isNotNull();
        assertThat(primary.outcome().exitCode()).isEqualTo(Role.Outcome.FENCED);
        assertThat(primary.outcome().message()).contains("generation expected=4 (ours), actual=4, held by fast");
        assertThat(events).doesNotContain("won 4");
        assertThat(backup.outcome()).isNotNull();
        assertThat(backup.outcome().exitCode()).isEqualTo(Role.Outcome.FAILED);
    }

    /** Its host is gone without a word: the primary must not wait for it for ever, nor a backup for such a primary. */
    @Test
    void aPeerThatVanishesIsGivenUp() {
        MemoryChannel channel = new MemoryChannel(0, 1 << 20);
        primary.accept(channel.end(Side.PRIMARY), "10.0.0.2:7");
        BackupStart backup = backup(channel, "backup", 0);
        run(channel, backup);
        channel.cut(Side.PRIMARY);
        channel.cut(Side.BACKUP);
        poll(primary, 1, 29);
        assertThat(primary.wantsPeer()).isFalse();
        poll(primary, 30, 31);
        assertThat(primary.wantsPeer()).isTrue();
        assertThat(events.getLast()).contains("a peer at 10.0.0.2:7 was refused: backup: nothing came for 30000 ms");
    }

    @Test
    void aPrimaryThatVanishesIsGivenUp() {
        MemoryChannel channel = new MemoryChannel(0, 1 << 20);
        answer = new Arbiter.Won(4);
        primary.accept(channel.end(Side.PRIMARY), "10.0.0.2:7");
        BackupStart backup = backup(channel, "backup", 0);
        for (int i = 1; i <= 2; i++) {
            channel.now(i);
            primary.poll(i);
            backup.poll(i);
        }
        channel.cut(Side.PRIMARY);
        backup.poll(3);
        backup.poll(4);
        assertThat(backup.outcome()).isNull();
        poll(backup, 1, 31);
        assertThat(backup.outcome()).isNotNull();
        assertThat(backup.outcome().message()).contains("primary: nothing came for 30000 ms");
    }
}
