import { expect, test } from 'vitest'
import { mqttServers } from '../../server/mqtt-servers.ts'

const files = { cert: '/c', key: '/k', clientCa: null }

test.each([
  ['plain', { host: '127.0.0.1' }, { port: 1883, tlsPort: 0 }, { mqtt: '127.0.0.1:1883' }],
  ['IPv6', { host: '::1' }, { port: 1883, tlsPort: 0 }, { mqtt: '[::1]:1883' }],
  [
    'TLS alone, by the public name',
    { publicUrl: 'https://doors.example.org/', tlsFiles: files },
    { port: 0, tlsPort: 8883 },
    { mqtts: 'doors.example.org:8883', clientCertificates: false },
  ],
  [
    'both, with an authority for certificates',
    { host: '0.0.0.0', tlsFiles: { ...files, clientCa: '/a' } },
    { port: 1883, tlsPort: 8883 },
    { mqtt: 'localhost:1883', mqtts: 'localhost:8883', clientCertificates: true },
  ],
])('where devices connect: %s', (_name, config, ports, expected) => {
  expect(mqttServers({ host: '0.0.0.0', publicUrl: null, ...config }, ports)).toEqual(expected)
})
