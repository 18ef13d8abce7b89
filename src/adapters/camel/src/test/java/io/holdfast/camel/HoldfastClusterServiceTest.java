package io.holdfast.camel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.Lease;
import io.holdfast.client.LockRequest;
import io.holdfast.client.internal.ModelEnsemble;
import io.holdfast.client.internal.Waiting;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.cluster.CamelClusterEventListener;
import org.apache.camel.cluster.CamelClusterMember;
import org.apache.camel.cluster.CamelClusterView;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.cluster.ClusteredRoutePolicy;
import org.apache.camel.support.PropertyBindingSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class HoldfastClusterServiceTest {

    private static final String NAMESPACE = "orders of a day";
    private static final String LOCK = "camel/orders~20of~20a~20day";

    private final ModelEnsemble ensemble = new ModelEnsemble();
    private final HoldfastClient first = ensemble.client(Duration.ofMinutes(1));
    private final HoldfastClient second = ensemble.client(Duration.ofMinutes(1));
    private final HoldfastClient quick = ensemble.client(Duration.ofSeconds(2));
    private final List<CamelContext> contexts = new CopyOnWriteArrayList<>();

    /** Notes what it is told, and whether the view says the same then. */
    private static final class Listener
            implements CamelClusterEventListener.Leadership, CamelClusterEventListener.Membership {
        final List<String> told = new CopyOnWriteArrayList<>();
        final List<String> members = new CopyOnWriteArrayList<>();

        @Override
        public void leadershipChanged(CamelClusterView view, CamelClusterMember leader) {
            boolean leads = view.getLocalMember().isLeader();
            told.add((leader == null ? "none" : leader.getId()) + (leads ? " leads here" : ""));
        }

        @Override
        public void memberAdded(CamelClusterView view, CamelClusterMember member) {
            members.add("+" + member.getId());
        }

        @Override
        public void memberRemoved(CamelClusterView view, CamelClusterMember member) {
            members.add("-" + member.getId());
        }
    }

    @AfterEach
    void stop() {
        ensemble.heal(quick);
        contexts.forEach(CamelContext::stop);
        ensemble.close();
    }

    private CamelContext started(HoldfastClusterService service, RouteBuilder... routes) throws Exception {
        CamelContext context = Contexts.context(service, routes);
        contexts.add(context);
        context.start();
        return context;
    }

    private static RouteBuilder clustered(AtomicInteger count) {
        return new RouteBuilder() {
            @Override
            public void configure() throws Exception {
                from("timer:tick?delay=0&period=20")
                        .routeId("clustered")
                        .routePolicy(ClusteredRoutePolicy.forNamespace(NAMESPACE))
                        .process(exchange -> count.incrementAndGet());
            }
        };
    }

    @Test
    void aRouteRunsInOneContextAndInTheOtherOnceThatEnds() throws Exception {
        AtomicInteger one = new AtomicInteger();
        AtomicInteger two = new AtomicInteger();
        CamelContext leader = started(Contexts.service("one", first), clustered(one));
        Waiting.await(() -> one.get() > 2);
        started(Contexts.service("two", second), clustered(two));
        Waiting.await(() -> ensemble.tickets(LOCK) == 2);
        int before = one.get();
        Waiting.await(() -> one.get() > before + 2);
        assertEquals(0, two.get());
        leader.stop();
        int after = one.get();
        Waiting.await(() -> two.get() > 2);
        assertEquals(after, one.get(), "it stopped before the lock was released");
    }

    @Test
    void leadershipChangesBeforeListenersHearOfIt() throws Exception {
        Listener heard = new Listener();
        Listener follows = new Listener();
        HoldfastClusterService service = Contexts.service("one", quick);
        HoldfastClusterService other = Contexts.service("two", second);
        started(service);
        CamelClusterView view = service.getView(NAMESPACE);
        view.addEventListener(heard);
        Waiting.await(() -> service.isLeader(NAMESPACE));
        started(other);
        CamelClusterView theirs = other.getView(NAMESPACE);
        theirs.addEventListener(follows);
        Waiting.await(() -> follows.told.contains("one"));
        assertEquals("one", theirs.getLeader().orElseThrow().getId());
        assertTrue(theirs.getLeader().orElseThrow().isLeader());
        assertFalse(theirs.getLeader().orElseThrow().isLocal());
        ensemble.cut(quick);
        Waiting.await(() -> follows.told.contains("two leads here"));
        assertFalse(service.isLeader(NAMESPACE));
        Waiting.await(() -> heard.told.lastIndexOf("none") > heard.told.indexOf("one leads here"));
        assertEquals(
                List.of("one leads here", "none"),
                heard.told.stream().dropWhile("none"::equals).distinct().toList(),
                "it is told that it leads while it does, and never after");
    }

    @Test
    void aLeadershipThatIsOverIsNotTold() throws Exception {
        Listener heard = new Listener();
        HoldfastClusterService service = Contexts.service("one", first);
        CamelContext context = started(service);
        HoldfastClusterView view = service.createView("other");
        view.setCamelContext(context);
        view.addEventListener(heard);
        HoldfastClusterView.Leadership leadership = view.new Leadership();
        leadership.elected(lease(true));
        leadership.revoked(lease(true));
        assertEquals(List.of(), heard.told);
    }

    private static Lease lease(boolean over) {
        return (Lease) Proxy.newProxyInstance(
                Lease.class.getClassLoader(),
                new Class<?>[] {Lease.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "stopping" -> over;
                    case "token" -> 7L;
                    default -> throw new AssertionError(method);
                });
    }

    @Test
    void membersAreTheHolderAndThoseThatWait() throws Exception {
        Listener heard = new Listener();
        HoldfastClusterService one = Contexts.service("one", first);
        HoldfastClusterService two = Contexts.service("two", second);
        started(one);
        CamelClusterView view = one.getView(NAMESPACE);
        view.addEventListener(heard);
        Waiting.await(() -> one.isLeader(NAMESPACE));
        CamelContext other = started(two);
        CamelClusterView theirs = two.getView(NAMESPACE);
        Waiting.await(() -> view.getMembers().size() == 2 && theirs.getMembers().size() == 2);
        assertEquals(
                List.of("one", "two"),
                view.getMembers().stream().map(CamelClusterMember::getId).toList());
        assertEquals(view.getLocalMember(), view.getMembers().get(0));
        assertFalse(view.getMembers().get(1).isLeader());
        other.stop();
        Waiting.await(() -> heard.members.contains("-two"));
        assertEquals(List.of("+one", "+two", "-two"), heard.members);
        assertEquals(List.of(NAMESPACE), List.copyOf(one.getNamespaces()));
    }

    @Test
    void aHolderWhoseMetadataNamesNoCandidateIsTheSameMemberAsTheLeader() throws Exception {
        HoldfastClusterService service = Contexts.service("one", first);
        LockRequest what = LockRequest.exclusive(LOCK).withMetadata("{\"candidate\":\"not an id\"}");
        try (Lease lease = second.tryAcquire(what, Duration.ZERO).orElseThrow()) {
            started(service);
            CamelClusterView view = service.getView(NAMESPACE);
            Waiting.await(
                    () -> view.getMembers().size() == 2 && view.getLeader().isPresent());
            assertEquals(
                    view.getLeader().orElseThrow().getId(),
                    view.getMembers().get(0).getId());
            assertTrue(lease.token() > 0);
        }
    }

    @Test
    void membersAreLookedUpAlthoughAListenerFails() throws Exception {
        HoldfastClusterService other = Contexts.service("two", second);
        started(other);
        other.getView(NAMESPACE);
        Waiting.await(() -> other.isLeader(NAMESPACE));
        HoldfastClusterService service = Contexts.service("one", first);
        CamelContext context = started(service);
        HoldfastClusterView view = service.createView(NAMESPACE);
        view.setCamelContext(context);
        List<Integer> known = new CopyOnWriteArrayList<>();
        CamelClusterEventListener.Leadership fails = (of, leader) -> {
            known.add(of.getMembers().size());
            throw new IllegalStateException("on purpose");
        };
        view.addEventListener(fails);
        HoldfastClusterView.Leadership leadership = view.new Leadership();
        assertThrows(IllegalStateException.class, () -> leadership.elected(lease(false)));
        assertThrows(IllegalStateException.class, () -> leadership.revoked(lease(false)));
        view.start();
        try {
            // It is reminded before each look-up.
            Waiting.await(() -> known.contains(2));
        } finally {
            view.stop();
        }
    }

    @Test
    void aConsumerThatTheMasterComponentStartedTooLateIsStopped() throws Exception {
        HoldfastClusterService other = Contexts.service("two", second);
        started(other);
        other.getView("plain");
        Waiting.await(() -> other.isLeader("plain"));
        NotedComponent noted = new NotedComponent();
        HoldfastClusterService service = Contexts.service("one", first);
        CamelContext context = Contexts.context(service);
        contexts.add(context);
        context.addComponent("noted", noted);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("master:plain:noted:late").log("never");
            }
        });
        context.start();
        HoldfastClusterView.Leadership leadership = ((HoldfastClusterView) service.getView("plain")).new Leadership();
        leadership.elected(lease(false));
        leadership.revoked(lease(false));
        // It starts a second after it was told to, although it was told that this is over.
        Waiting.await(() -> noted.notes.contains("started"));
        Waiting.await(() -> noted.notes.contains("stopped"));
        assertEquals(List.of("started", "stopped"), noted.notes);
    }

    @Test
    void anExchangeOfAMemberThatDoesNotLeadFailsBeforeItsEffect() throws Exception {
        HoldfastClusterService service = Contexts.service("one", quick);
        CamelContext context = started(service, new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:effect").process(new LeaseCheck(service, NAMESPACE));
            }
        });
        service.getView(NAMESPACE);
        Waiting.await(() -> service.isLeader(NAMESPACE));
        long token = service.lease(NAMESPACE).orElseThrow().token();
        assertEquals(
                token,
                context.createProducerTemplate()
                        .request("direct:effect", exchange -> {})
                        .getMessage()
                        .getHeader(LeaseCheck.TOKEN));
        ensemble.cut(quick);
        Waiting.await(() -> !service.isLeader(NAMESPACE));
        CamelExecutionException failed = assertThrows(
                CamelExecutionException.class,
                () -> context.createProducerTemplate().sendBody("direct:effect", "late"));
        assertInstanceOf(NotLeaderException.class, failed.getCause());
        assertEquals("one does not lead " + NAMESPACE, failed.getCause().getMessage());
    }

    @Test
    void settingsAreTextAndWrongOnesAreNamed() throws Exception {
        HoldfastClusterService service = new HoldfastClusterService();
        DefaultCamelContext context = new DefaultCamelContext();
        Map<String, Object> settings = new HashMap<>(Map.of(
                "endpoints", "http://one:7100, http://two:7100", "ttl", "20s", "grace", "2s", "membersInterval", "1s"));
        PropertyBindingSupport.bindProperties(context, service, settings);
        service.setCamelContext(context);
        service.start();
        assertNotNull(service.getId());
        assertNotNull(service.getClient());
        service.stop();
        says("endpoints is missing", it -> it.setEndpoints(" "));
        says("endpoints = node:1: an endpoint is http://host:port", it -> it.setEndpoints("node:1"));
        says("ttl = 1: give a duration such as", it -> it.setTtl("1"));
        says("ttl = 1ms: a ttl is PT1S to PT24H", it -> it.setTtl("1ms"));
        says("grace = x: give", it -> it.setGrace("x"));
        says("membersInterval = 1ms: give 100ms at least", it -> it.setMembersInterval("1ms"));
        says("authFile = none: ", it -> it.setAuthFile("none"));
        says("caFile, certFile, keyFile = none: ", it -> it.setCaFile("none"));
        says("caFile, certFile, keyFile = c: a certificate and its key", it -> it.setCertFile("c"));
        says("caFile, certFile, keyFile = ca, c: a certificate and its key", it -> {
            it.setCaFile("ca");
            it.setCertFile("c");
        });
        says("id = a b: an id has only", it -> it.setId("a b"));
        IllegalArgumentException name =
                assertThrows(IllegalArgumentException.class, () -> new HoldfastClusterService().createView("a//b"));
        assertTrue(name.getMessage().startsWith("lockPrefix and namespace give no name of a lock: "), name::getMessage);
    }

    private static void says(String words, Consumer<HoldfastClusterService> wrong) {
        HoldfastClusterService service = new HoldfastClusterService();
        service.setCamelContext(new DefaultCamelContext());
        service.setEndpoints("http://one:7100");
        wrong.accept(service);
        Exception refused = assertThrows(Exception.class, service::start);
        Throwable cause = refused;
        while (cause.getCause() != null && !(cause instanceof IllegalArgumentException)) {
            cause = cause.getCause();
        }
        assertTrue(String.valueOf(cause.getMessage()).startsWith(words), cause.getMessage());
    }
}
