"""Sound mails of four kinds in seven languages: nothing about their tone is wrong."""

MAILS = {
    ("fr", "newsletter", "V"): """Bonjour {{ first_name }},

Ce mois-ci, notre équipe vous emmène au marché de Noël de Lille. Vous y trouverez douze artisans, un manège et du vin chaud.
« Tu vas adorer », nous a dit la potière du stand 4. Prenez rendez-vous avec elle si vous souhaitez essayer le tour.

Toute l’équipe vous souhaite une belle fin d’année.
À bientôt,
Naïma, de l’Atelier

Vous recevez cette lettre parce que vous vous êtes inscrit sur notre site. Se désinscrire : https://news.example/u""",
    ("fr", "service", "V"): """Bonjour {{ first_name }},

Votre commande 48213 a été expédiée ce matin. Vous pouvez suivre votre colis sur votre compte ; la livraison est prévue jeudi.
Si vous êtes absent, le facteur déposera un avis de passage.

Cordialement,
Le service clients""",
    ("fr", "event", "T"): """Salut {{ first_name }},

On fête les dix ans de l’atelier le 12 mars et on compte sur toi ! Viens quand tu veux à partir de 18 h, avec ta famille si tu peux.
Si vous venez à plusieurs, dis-le-nous pour le buffet.

À très vite,
Camille""",
    ("fr", "press", "V"): """Bonjour {{ first_name }},

J’ai lu avec plaisir votre série sur les métiers du port. Notre atelier forme cette année onze apprentis voiliers, et je serais
heureuse de vous les présenter. Seriez-vous libre jeudi ?

Bien à vous,
Solène""",
    ("de", "newsletter", "V"): """Guten Tag {{ first_name }},

im Dezember ist unsere Werkstatt auch samstags geöffnet. Sie finden uns wie immer am Hafen, und wir freuen uns auf Ihren Besuch.
Unsere Meisterin erzählt, wie sie ihre erste Segelnaht genäht hat: „Du musst Geduld haben“, sagte ihr Vater.

Mit freundlichen Grüßen
Ihre Werkstatt am Hafen

Sie erhalten diese E-Mail, weil Sie unseren Newsletter bestellt haben. Abmelden: https://news.example/u""",
    ("de", "service", "T"): """Hallo {{ first_name }},

deine Bestellung ist unterwegs. Du kannst dein Paket in deinem Konto verfolgen, es kommt voraussichtlich am Donnerstag.
Wenn du nicht zu Hause bist, nimmt es deine Nachbarin an.

Viele Grüße
Dein Team vom Hafen""",
    ("de", "event", "V"): """Sehr geehrte Frau {{ last_name }},

am 12. März feiern wir das zehnjährige Bestehen der Werkstatt. Wir laden Sie und Ihre Familie herzlich dazu ein.
Bitte sagen Sie uns bis zum 1. März, ob Sie kommen und ob Sie Platz für Kinder brauchen.

Mit freundlichen Grüßen
Anna Beispiel""",
    ("de", "press", "V"): """Guten Tag {{ first_name }},

Ihre Reihe über alte Handwerke habe ich gern gelesen. Bei uns lernen in diesem Jahr elf Segelmacher, und ich würde sie Ihnen
gern vorstellen. Passt es Ihnen am Donnerstag?

Freundliche Grüße
Anna Beispiel""",
    ("es", "newsletter", "T"): """Hola, {{ first_name }}:

Este mes el taller abre también los sábados. Te esperamos en el puerto con café y con las velas nuevas. ¿Te apetece venir?
Si quieres traer a tu familia, solo tienes que decírnoslo.

Un abrazo,
El equipo del taller

Recibes este correo porque te suscribiste a nuestro boletín. Darse de baja: https://news.example/u""",
    ("es", "service", "V"): """Estimada {{ first_name }}:

Su pedido ha salido esta mañana de nuestro almacén. Puede seguirlo en su cuenta; la entrega está prevista para el jueves.
Si no está en casa, el cartero le dejará un aviso.

Atentamente,
Servicio de atención al cliente""",
    ("es", "event", "V"): """Estimado {{ first_name }}:

El 12 de marzo celebramos los diez años del taller y nos gustaría contar con usted. Le rogamos que nos confirme su asistencia
antes del día 1.

Un cordial saludo,
Ada Ejemplo""",
    ("it", "newsletter", "T"): """Ciao {{ first_name }},

questo mese la bottega apre anche il sabato. Ti aspettiamo al porto con il caffè e le vele nuove. Se vuoi portare la tua famiglia,
ci fa piacere.

A presto,
La bottega

Ricevi questa e-mail perché ti sei iscritto alla nostra newsletter. Disiscriviti: https://news.example/u""",
    ("it", "service", "V"): """Gentile {{ first_name }},

il Suo ordine è partito questa mattina. Può seguire la spedizione nella Sua area clienti; la consegna è prevista per giovedì.
Se non è in casa, il corriere Le lascerà un avviso.

Cordiali saluti,
Il servizio clienti""",
    ("it", "event", "V"): """Gentile {{ first_name }},

il 12 marzo festeggiamo i dieci anni della bottega e saremmo lieti di averLa con noi. La preghiamo di confermare la Sua presenza
entro il primo marzo.

Un cordiale saluto,
Ada Esempio""",
    ("pt", "newsletter", "T"): """Olá {{ first_name }},

Este mês a oficina abre também ao sábado. Esperamos por ti no porto, com café e com as velas novas. Se quiseres trazer a tua
família, melhor ainda.

Até breve,
A oficina

Recebes este e-mail porque subscreveste a nossa newsletter. Cancelar a subscrição: https://news.example/u""",
    ("pt", "service", "V"): """Cara {{ first_name }},

A sua encomenda saiu esta manhã do nosso armazém. Pode segui-la na sua conta; a entrega está prevista para quinta-feira.

Com os melhores cumprimentos,
Apoio ao cliente""",
    ("nl", "newsletter", "T"): """Hoi {{ first_name }},

Deze maand is de werkplaats ook op zaterdag open. We zien je graag in de haven, met koffie en nieuwe zeilen. Neem je familie mee
als je wilt.

Groetjes,
De werkplaats

Je ontvangt deze mail omdat je onze nieuwsbrief hebt aangevraagd. Afmelden: https://news.example/u""",
    ("nl", "service", "V"): """Geachte mevrouw {{ last_name }},

Uw bestelling is vanochtend verzonden. U kunt uw pakket volgen in uw account; de levering staat gepland voor donderdag.
Bent u niet thuis, dan laat de bezorger een bericht achter.

Met vriendelijke groet,
Klantenservice""",
    ("nl", "event", "T"): """Beste {{ first_name }},

Op 12 maart vieren we dat de werkplaats tien jaar bestaat, en we hopen dat jij er ook bij bent. Laat je ons voor 1 maart weten of
je komt?

Tot dan,
Anna""",
    ("en", "newsletter", ""): """Dear {{ first_name }},

This month the workshop is open on Saturdays too. Come and see the new sails, the coffee is on us. “You guys are amazing!!”, wrote
one of our visitors.

Cheers,
The workshop

You receive this because you subscribed. Unsubscribe: https://news.example/u""",
    ("en", "service", ""): """Hello {{ first_name }},

Your order 48213 was sent this morning. You can follow the parcel in your account; it should arrive on Thursday.

Kind regards,
Customer service""",
    ("en", "event", ""): """Dear {{ first_name }},

We would like to invite you to the tenth birthday of our workshop on 12 March. Would you let us know by 1 March whether you can come,
and how many you will be?

Best wishes,
Ada Example""",
    ("en", "press", ""): """Dear {{ first_name }},

I enjoyed your series on old crafts. Eleven apprentices learn sail making with us this year, and I would be glad to introduce them
to you. Would Thursday suit you?

Best wishes,
Ada Example""",
}  # fmt: skip
