package hartbeat.tools;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.lang.runtime.ObjectMethods;
import java.lang.runtime.SwitchBootstraps;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Links at the build what the JVM would link anew at each start: call sites that are computed when they are first reached
 * (JVMS 5.4.3.6). The AOT cache holds those of lambdas and of strings put together, but not those of switches over types nor of a
 * record's {@code equals} and {@code hashCode}: for each of them the JVM writes a class or some method handles. Here each becomes a
 * call of a method of the same class that does the same.
 */
final class CallSites {
    private static final ClassDesc SWITCHES = desc(SwitchBootstraps.class);
    private static final ClassDesc RECORDS = desc(ObjectMethods.class);
    private static final ClassDesc OBJECTS = desc(Objects.class);
    private static final int PRIVATE_STATIC = ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC;
    private static final int PRIME = 31;

    private final ClassModel model;
    private final List<Method> methods = new ArrayList<>();

    private record Method(String name, MethodTypeDesc type, Consumer<CodeBuilder> body) {}

    private CallSites(ClassModel model) {
        this.model = model;
    }

    /** The same class without such call sites; the very same bytes if it has none. */
    static byte[] linked(byte[] bytes) {
        ClassFile classFile = ClassFile.of(ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(CallSites.class.getClassLoader())));
        CallSites sites = new CallSites(classFile.parse(bytes));
        if (sites.model.methods().stream().noneMatch(sites::hasSites)) {
            return bytes;
        }
        CodeTransform calls = (code, element) -> {
            Optional<Method> method =
                    element instanceof InvokeDynamicInstruction site ? sites.method(site) : Optional.empty();
            method.ifPresentOrElse(each -> sites.call(code, each), () -> code.with(element));
        };
        try {
            return classFile.transformClass(
                    sites.model,
                    ClassTransform.transformingMethodBodies(sites::hasSites, calls)
                            .andThen(ClassTransform.endHandler(sites::add)));
        } catch (IllegalArgumentException missing) {
            // It leans on libraries that are not here, and works without this.
            return bytes;
        }
    }

    private boolean hasSites(MethodModel method) {
        return method.code().stream()
                .flatMap(code -> code.elementStream())
                .anyMatch(element -> element instanceof InvokeDynamicInstruction site
                        && body(site).isPresent());
    }

    /** The method that takes the site's place; nothing for a site that stays. */
    private Optional<Method> method(InvokeDynamicInstruction site) {
        return body(site).map(body -> {
            String name = "linked$" + site.name().stringValue() + "$" + methods.size();
            Method method = new Method(name, site.typeSymbol(), body);
            methods.add(method);
            return method;
        });
    }

    private void call(CodeBuilder code, Method method) {
        boolean ofInterface = model.flags().has(AccessFlag.INTERFACE);
        code.invokestatic(model.thisClass().asSymbol(), method.name(), method.type(), ofInterface);
    }

    private void add(ClassBuilder builder) {
        methods.forEach(
                method -> builder.withMethodBody(method.name(), method.type(), PRIVATE_STATIC, method.body()::accept));
    }

    private static Optional<Consumer<CodeBuilder>> body(InvokeDynamicInstruction site) {
        ClassDesc bootstrap = site.bootstrapMethod().owner();
        if (bootstrap.equals(SWITCHES)
                && site.name().equalsString("typeSwitch")
                && site.bootstrapArgs().stream().allMatch(ClassDesc.class::isInstance)) {
            List<ClassDesc> labels =
                    site.bootstrapArgs().stream().map(ClassDesc.class::cast).toList();
            return Optional.of(code -> typeSwitch(code, labels));
        }
        if (!bootstrap.equals(RECORDS)) {
            return Optional.empty();
        }
        ClassDesc type = (ClassDesc) site.bootstrapArgs().getFirst();
        List<DirectMethodHandleDesc> fields = site.bootstrapArgs().stream()
                .skip(2)
                .map(DirectMethodHandleDesc.class::cast)
                .toList();
        return switch (site.name().stringValue()) {
            case "equals" -> Optional.of(code -> equals(code, type, fields));
            case "hashCode" -> Optional.of(code -> hashCode(code, type, fields));
            default -> Optional.empty();
        };
    }

    /** {@link SwitchBootstraps#typeSwitch}: the index of the first label, from the second argument on, that the first argument is of. */
    private static void typeSwitch(CodeBuilder code, List<ClassDesc> labels) {
        Label present = code.newLabel();
        code.aload(0).ifnonnull(present).iconst_m1().ireturn().labelBinding(present);
        for (int i = 0; i < labels.size(); i++) {
            Label next = code.newLabel();
            code.iload(1).loadConstant(i).if_icmpgt(next);
            code.aload(0).instanceOf(labels.get(i)).ifeq(next);
            code.loadConstant(i).ireturn().labelBinding(next);
        }
        code.loadConstant(labels.size()).ireturn();
    }

    /** {@link Record#equals}: of the same record, and each component equal. */
    private static void equals(CodeBuilder code, ClassDesc type, List<DirectMethodHandleDesc> fields) {
        Label different = code.newLabel();
        code.aload(1).instanceOf(type).ifeq(different);
        code.aload(1).checkcast(type).astore(2);
        for (DirectMethodHandleDesc field : fields) {
            ClassDesc component = field.invocationType().returnType();
            get(code.aload(0), type, field);
            get(code.aload(2), type, field);
            if (component.isPrimitive()) {
                ClassDesc box = box(component);
                code.invokestatic(box, "compare", MethodTypeDesc.of(ConstantDescs.CD_int, component, component))
                        .ifne(different);
            } else {
                code.invokestatic(
                                OBJECTS,
                                "equals",
                                MethodTypeDesc.of(
                                        ConstantDescs.CD_boolean, ConstantDescs.CD_Object, ConstantDescs.CD_Object))
                        .ifeq(different);
            }
        }
        code.iconst_1().ireturn().labelBinding(different).iconst_0().ireturn();
    }

    /** {@link Record#hashCode}: of all components. */
    private static void hashCode(CodeBuilder code, ClassDesc type, List<DirectMethodHandleDesc> fields) {
        code.iconst_0();
        for (DirectMethodHandleDesc field : fields) {
            ClassDesc component = field.invocationType().returnType();
            boolean primitive = component.isPrimitive();
            get(code.loadConstant(PRIME).imul().aload(0), type, field);
            code.invokestatic(
                            primitive ? box(component) : OBJECTS,
                            "hashCode",
                            MethodTypeDesc.of(ConstantDescs.CD_int, primitive ? component : ConstantDescs.CD_Object))
                    .iadd();
        }
        code.ireturn();
    }

    private static void get(CodeBuilder code, ClassDesc type, DirectMethodHandleDesc field) {
        code.getfield(type, field.methodName(), field.invocationType().returnType());
    }

    private static ClassDesc box(ClassDesc primitive) {
        return switch (TypeKind.from(primitive)) {
            case BOOLEAN -> ConstantDescs.CD_Boolean;
            case BYTE -> ConstantDescs.CD_Byte;
            case CHAR -> ConstantDescs.CD_Character;
            case SHORT -> ConstantDescs.CD_Short;
            case INT -> ConstantDescs.CD_Integer;
            case LONG -> ConstantDescs.CD_Long;
            case FLOAT -> ConstantDescs.CD_Float;
            case DOUBLE -> ConstantDescs.CD_Double;
            case REFERENCE, VOID -> throw new IllegalArgumentException("not a primitive type: " + primitive);
        };
    }

    private static ClassDesc desc(Class<?> type) {
        return ClassDesc.of(type.getName());
    }
}
