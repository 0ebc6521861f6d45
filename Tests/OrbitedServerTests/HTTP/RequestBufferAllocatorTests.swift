import NIOCore
import Testing

@testable import OrbitedServer

@Suite("The buffers of requests")
struct RequestBufferAllocatorTests {
    @Test("they grow while they are filled, up to 64 KiB, and shrink where little comes")
    func sizes() {
        var buffers = RequestBufferAllocator()
        var sizes: [Int] = []
        for _ in 0..<5 {
            let size = buffers.buffer(allocator: ByteBufferAllocator()).capacity
            sizes.append(size)
            #expect(buffers.nextBufferSize() == size)
            let mayGrow = buffers.record(actualReadBytes: size)
            #expect(mayGrow == (size < 65_536))
        }
        #expect(sizes == [128, 1_024, 8_192, 65_536, 65_536])
        for _ in 0..<5 { _ = buffers.record(actualReadBytes: 1) }
        #expect(buffers.nextBufferSize() == 128)
    }

    @Test("one that is filled in part stays as it is")
    func partly() {
        var buffers = RequestBufferAllocator()
        _ = buffers.record(actualReadBytes: 128)
        _ = buffers.record(actualReadBytes: 600)
        #expect(buffers.nextBufferSize() == 1_024)
    }
}
