package hartbeat.tools;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.devices.board.VirtBoard;
import hartbeat.emulator.machine.Machine;
import hartbeat.ft.role.Live;
import hartbeat.lan.Switch;
import hartbeat.proof.Simulation;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class CallSitesTest {
    /** What the compiler makes call sites of. */
    public sealed interface Shape {
        record Circle(double radius, String name) implements Shape {}

        record Square(int side, boolean filled, long area, byte[] pixels) implements Shape {}

        record Small(byte a, short b, char c, float d, long e, String f) implements Shape {}

        record Nothing() implements Shape {}

        static String in(Shape shape) {
            return switch (shape) {
                case Circle circle when circle.radius() > 10 -> "a large circle";
                case Circle(double radius, String name) -> name + radius;
                case Square square when square.filled() -> "a filled square";
                case Square _ -> "a square";
                case Small small -> "small " + small.f();
                case Nothing _ -> "nothing";
            };
        }
    }

    /** The same outside of an interface, where null and strings may come too. */
    public static final class Chooser implements Function<@Nullable Object, String> {
        @Override
        public String apply(@Nullable Object what) {
            return switch (what) {
                case null -> "null";
                case Integer number when number < 0 -> "negative";
                case Integer _ -> "number";
                case String text -> ofText(text);
                default -> "other";
            };
        }

        /** Labels that are no types stay what they are. */
        private static String ofText(String text) {
            return switch (text) {
                case "1" -> "one";
                case String some when some.isEmpty() -> "empty";
                case String _ -> "text";
            };
        }
    }

    private static final byte[] PIXELS = new byte[1];

    private static final List<Shape> SHAPES = List.of(
            new Shape.Circle(1, "c"),
            new Shape.Circle(Double.NaN, "c"),
            new Shape.Circle(-0.0, "d"),
            new Shape.Circle(0.0, "d"),
            new Shape.Circle(11, "c"),
            new Shape.Square(3, true, 1L << 40, PIXELS),
            new Shape.Square(3, true, 1L << 41, PIXELS),
            new Shape.Square(3, true, 1L << 40, new byte[1]),
            new Shape.Square(3, false, 9, PIXELS),
            new Shape.Small((byte) -1, (short) 2, 'c', 0.0f, 5, "f"),
            new Shape.Small((byte) -1, (short) 2, 'c', -0.0f, 5, "f"),
            new Shape.Small((byte) -1, (short) 2, 'c', 0.0f, 6, "f"),
            new Shape.Small((byte) -1, (short) 2, 'd', 0.0f, 5, "f"),
            new Shape.Small((byte) -1, (short) 3, 'c', 0.0f, 5, "f"),
            new Shape.Small((byte) 1, (short) 2, 'c', 0.0f, 5, "f"),
            new Shape.Small((byte) -1, (short) 2, 'c', 0.0f, 5, "g"),
            new Shape.Nothing());

    @Test
    void switchesOverTypesChooseAsBefore() throws Exception {
        Linked linked = new Linked();
        Class<?> shape = linked.loadClass(Shape.class.getName());
        Method in = shape.getMethod("in", shape);
        for (Shape each : SHAPES) {
            assertThat(in.invoke(null, linked.copy(each))).isEqualTo(Shape.in(each));
        }

        @SuppressWarnings("unchecked")
        Function<@Nullable Object, String> chooser = (Function<@Nullable Object, String>)
                linked.loadClass(Chooser.class.getName()).getConstructor().newInstance();
        for (Object what : new @Nullable Object[] {null, -1, 1, "1", "", "2", 1L}) {
            assertThat(chooser.apply(what)).isEqualTo(new Chooser().apply(what));
        }
        assertThat(sites(Chooser.class)).containsExactly("typeSwitch");
        assertThat(sites(Shape.class)).doesNotContain("typeSwitch");
    }

    @Test
    void recordsAreEqualAndHashAsBefore() throws Exception {
        Linked linked = new Linked();
        for (Shape one : SHAPES) {
            for (Shape other : SHAPES) {
                assertThat(linked.copy(one).equals(linked.copy(other)))
                        .as("%s and %s", one, other)
                        .isEqualTo(one.equals(other));
            }
            assertThat(linked.copy(one)).as("%s", one).hasSameHashCodeAs(one).isNotEqualTo(null);
        }
        assertThat(sites(Shape.Circle.class)).containsExactly("toString");
    }

    @Test
    void classesWithoutSuchSitesStayAsTheyAre() throws Exception {
        byte[] bytes = bytes(Linked.class);
        assertThat(CallSites.linked(bytes)).isSameAs(bytes);
    }

    /** No list of a verifier's complaints is as good as the verifier's. */
    @Test
    void allOfTheProgramCanStillBeVerified() throws Exception {
        int changed = 0;
        for (Class<?> ofModule : List.of(
                Main.class,
                Live.class,
                Machine.class,
                VirtBoard.class,
                Switch.class,
                Simulation.class,
                CommandLine.class)) {
            for (byte[] bytes : classes(Path.of(
                    ofModule.getProtectionDomain().getCodeSource().getLocation().toURI()))) {
                byte[] modern = Libraries.modern(bytes);
                byte[] linked = CallSites.linked(modern);
                changed += Arrays.equals(linked, modern) ? 0 : 1;
                assertThat(ClassFile.of().verify(linked)).isEmpty();
            }
        }
        assertThat(changed).isGreaterThan(100);
    }

    private static List<byte[]> classes(Path place) throws IOException {
        if (Files.isRegularFile(place)) {
            try (ZipFile jar = new ZipFile(place.toFile())) {
                List<byte[]> all = new ArrayList<>();
                for (var entry : jar.stream()
                        .filter(each -> each.getName().endsWith(".class"))
                        .toList()) {
                    all.add(jar.getInputStream(entry).readAllBytes());
                }
                return all;
            }
        }
        try (Stream<Path> files = Files.walk(place)) {
            List<byte[]> all = new ArrayList<>();
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".class")).toList()) {
                all.add(Files.readAllBytes(file));
            }
            return all;
        }
    }

    /** The names of the call sites that are left in a class. */
    private static List<String> sites(Class<?> type) throws IOException {
        ClassModel model = ClassFile.of().parse(CallSites.linked(bytes(type)));
        return model.methods().stream()
                .flatMap(method -> method.code().stream())
                .flatMap(code -> code.elementStream())
                .filter(InvokeDynamicInstruction.class::isInstance)
                .map(site -> ((InvokeDynamicInstruction) site).name().stringValue())
                .toList();
    }

    private static byte[] bytes(Class<?> type) throws IOException {
        String name = type.getName();
        try (InputStream in = type.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
            assertThat(in).isNotNull();
            return in.readAllBytes();
        }
    }

    /** Classes of this test as the build would make them. */
    private static final class Linked extends ClassLoader {
        private static final Map<String, Class<?>> CHANGED = Map.of(
                Shape.class.getName(), Shape.class,
                Shape.Circle.class.getName(), Shape.Circle.class,
                Shape.Square.class.getName(), Shape.Square.class,
                Shape.Small.class.getName(), Shape.Small.class,
                Shape.Nothing.class.getName(), Shape.Nothing.class,
                Chooser.class.getName(), Chooser.class);

        Linked() {
            super(CallSitesTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            Class<?> original = CHANGED.get(name);
            if (original == null) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                try {
                    byte[] bytes = CallSites.linked(bytes(original));
                    return known != null ? known : defineClass(name, bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        }

        /** The same value, of the class that was changed. */
        Object copy(Shape shape) throws ReflectiveOperationException {
            var components = shape.getClass().getRecordComponents();
            Object[] values = new Object[components.length];
            Class<?>[] types = new Class<?>[components.length];
            for (int i = 0; i < components.length; i++) {
                values[i] = components[i].getAccessor().invoke(shape);
                types[i] = components[i].getType();
            }
            var constructor = loadClass(shape.getClass().getName()).getDeclaredConstructor(types);
            return constructor.newInstance(values);
        }
    }
}
