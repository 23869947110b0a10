/** Settings of the notifications, by the names of the manual and of later releases. */
import {list, oneOf, type SettingTable, secret, text, textWithDefault, whole, yesNo} from '../setting.js'

/** Whether and where notifications are sent. */
export const NOTIFICATIONS = {
  notifier_strategy: oneOf('How notifications are sent', ['noop', 'logging', 'rabbit'], 'noop'),
  notification_driver: oneOf(
    'The same for services of today, in the format of oslo.messaging',
    ['noop', 'log', 'messaging', 'messagingv2'],
    'noop',
  ),
  default_publisher_id: text('Who publishes notifications; default: the name of the host'),
  disabled_notifications: list('Events without notifications: image.update, or image.member for a group'),
  notification_queue_limit: whole(
    'Notifications that wait for RabbitMQ; of more, the oldest are dropped',
    100_000,
    {min: 1},
  ),
  rabbit_notification_topic: textWithDefault('Topic of notifier_strategy rabbit', 'glance_notifications'),
  notification_topics: list('Topics of the driver', ['notifications']),
  control_exchange: textWithDefault('Exchange of the driver', 'glance'),
  amqp_durable_queues: yesNo('Exchange and queues of the driver survive a restart of RabbitMQ', false),
} satisfies SettingTable

/** Where RabbitMQ is. */
export const RABBIT = {
  transport_url: secret('URL of RabbitMQ: rabbit://USER:PASSWORD@HOST:PORT/VIRTUAL_HOST'),
  notification_transport_url: secret('The same for notifications alone'),
  rabbit_host: textWithDefault('Host of RabbitMQ, if no URL is given', 'localhost'),
  rabbit_port: whole('Port of RabbitMQ', 5672, {min: 1, max: 65_535}),
  rabbit_use_ssl: yesNo('Connect with TLS', false),
  rabbit_ca_file: text('File with certificates of authorities to trust'),
  rabbit_userid: textWithDefault('User of RabbitMQ', 'guest'),
  rabbit_password: secret('Password of that user; default: guest'),
  rabbit_virtual_host: textWithDefault('Virtual host of RabbitMQ', '/'),
} satisfies SettingTable
